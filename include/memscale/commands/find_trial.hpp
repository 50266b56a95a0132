#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "memscale/core/error.hpp"
#include "memscale/store/store_view.hpp"

namespace memscale {

/// A store that was opened.
struct OpenStore {
  std::filesystem::path path;
  StoreView view;
};

/// The stores of the current folder that can be read, those of which only a journal stands there included. Other files
/// that end in .h5 (dumps, say) are passed over.
std::vector<OpenStore> stores_of_this_folder();

/// Throws InputError unless `id` is the beginning of a trial's id as the user may give it: 4 to 16 hexadecimal digits.
void require_id_prefix(const std::string& id);
InputError ambiguous_id(const std::string& id);

struct FoundRecord {
  const OpenStore* store;
  IndexEntry entry;
};

/// The one record whose trial's id begins with `id`; of several stores that hold it, the last one's. Throws InputError
/// as require_id_prefix does, and for the beginning of more than one trial.
std::optional<FoundRecord> find_record(const std::vector<OpenStore>& stores, const std::string& id);

}  // namespace memscale

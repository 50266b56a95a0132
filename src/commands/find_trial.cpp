#include "memscale/commands/find_trial.hpp"

#include <set>

#include "memscale/core/text.hpp"

namespace memscale {

namespace fs = std::filesystem;

std::vector<OpenStore> stores_of_this_folder() {
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(".")) {
    const fs::path path =
        entry.path().extension() == ".journal" ? fs::path(entry.path()).replace_extension() : entry.path();
    if (path.extension() == ".h5") paths.insert(path.filename());
  }
  std::vector<OpenStore> stores;
  for (const fs::path& path : paths) {
    try {
      stores.push_back({path, open_store(path)});
    } catch (const InputError&) {
    }
  }
  return stores;
}

void require_id_prefix(const std::string& id) {
  if (id.size() < 4 || id.size() > 16 || id.find_first_not_of("0123456789abcdef") != std::string::npos)
    throw invalid("ID", id, "must be 4 to 16 hexadecimal digits in lower case");
}

InputError ambiguous_id(const std::string& id) {
  return invalid("ID", id, "begins more than one trial");
}

std::optional<FoundRecord> find_record(const std::vector<OpenStore>& stores, const std::string& id) {
  require_id_prefix(id);
  std::optional<FoundRecord> found;
  for (const OpenStore& store : stores)
    for (const IndexEntry& entry : store.view.source.entries) {
      if (!to_hex(entry.id).starts_with(id)) continue;
      if (found && found->entry.id != entry.id) throw ambiguous_id(id);
      found = {&store, entry};
    }
  return found;
}

}  // namespace memscale

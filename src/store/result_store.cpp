#include "memscale/store/result_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/journal.hpp"
#include "memscale/store/load_store.hpp"
#include "memscale/store/sealed_file.hpp"
#include "memscale/store/snapshot.hpp"
#include "memscale/store/snapshot_pace.hpp"
#include "memscale/store/store_lock.hpp"
#include "memscale/store/stored_record.hpp"

namespace memscale {

namespace fs = std::filesystem;

namespace {

/// Refuses a file that is not a memscale store, or must not be replaced, before anything is written beside it.
StorePath require_usable(StorePath path) {
  if (::access(path.snapshot.c_str(), F_OK) != 0) return path;
  if (::access(path.snapshot.c_str(), R_OK | W_OK) != 0) throw invalid_store(path.snapshot, "may not be written");
  require_seal(open_file(path.snapshot, O_RDONLY), path.snapshot);
  return path;
}

/// Throws InputError for a job file that is too long.
Provenance storable(Provenance provenance) {
  if (provenance.job_text.size() > longest_text)
    throw InputError("the job file is longer than " + to_text(std::uint64_t{longest_text}) + " bytes");
  provenance.version = storable_text(std::move(provenance.version), longest_name);
  provenance.job_text = storable_text(std::move(provenance.job_text), longest_text);
  provenance.command_line = storable_text(std::move(provenance.command_line), longest_text);
  return provenance;
}

}  // namespace

struct ResultStore::State {
  State(const fs::path& name, Provenance given)
      : path(require_usable(resolve_store_path(name))),
        provenance(storable(std::move(given))),
        lock(path),
        loaded(load_store(path)),
        journal(path.journal, provenance),
        pace(SnapshotPace::Clock::now()) {
    remove_leftovers(path.snapshot);
    has_unsaved = !loaded.has_snapshot || loaded.has_journal;
    for (const std::string& tail : loaded.torn_tails) std::cerr << "memscale: note: " << tail << '\n';
  }

  void require_open() const {
    if (!lock.held()) throw std::logic_error("the store is finished");
  }

  void write() {
    write_snapshot(path.snapshot, provenance, loaded.records.records());
    loaded.has_snapshot = true;
  }

  StorePath path;
  Provenance provenance;
  StoreLock lock;
  LoadedStore loaded;
  JournalWriter journal;
  SnapshotPace pace;
  bool has_unsaved;  ///< what the snapshot does not hold for sure
};

ResultStore::ResultStore(fs::path path, Provenance provenance)
    : state_(std::make_unique<State>(path, std::move(provenance))) {}
ResultStore::~ResultStore() = default;
ResultStore::ResultStore(ResultStore&&) noexcept = default;
ResultStore& ResultStore::operator=(ResultStore&&) noexcept = default;

const std::vector<Record>& ResultStore::records() const {
  return state_->loaded.records.records();
}

bool ResultStore::has_result(std::uint64_t trial_id) const {
  return state_->loaded.records.has_result(trial_id);
}

void ResultStore::append(const Record& record) {
  state_->require_open();
  const Record stored = storable(record);
  require_sound(stored);  // in the journal it would hide the records behind it
  const std::uint64_t id = trial_id(stored.trial);
  state_->loaded.records.require_agreement(id, stored);
  state_->journal.append(id, stored);
  state_->has_unsaved = true;
  state_->loaded.records.add(id, stored);
  state_->journal.sync_if_due();
}

void ResultStore::sync_if_due() {
  state_->journal.sync_if_due();
}

void ResultStore::sync() {
  state_->journal.sync();
}

std::uint64_t ResultStore::synced() const {
  return state_->journal.synced();
}

void ResultStore::snapshot_if_due() {
  const auto begin = SnapshotPace::Clock::now();
  if (!state_->has_unsaved || !state_->lock.held() || !state_->pace.is_due(begin)) return;
  try {
    state_->write();
    state_->has_unsaved = false;
  } catch (const std::exception& error) {
    std::cerr << "memscale: warning: no snapshot, the journal keeps the results: " << error.what() << '\n';
  }
  state_->pace.written(begin, SnapshotPace::Clock::now());
}

void ResultStore::finish() {
  State& state = *state_;
  state.require_open();
  state.journal.sync();
  if (state.has_unsaved) state.write();
  const auto held = read_snapshot(open_file(state.path.snapshot, O_RDONLY), state.path.snapshot).records;
  if (!same_records(held, sorted_by_id(records())))
    throw std::runtime_error("store " + state.path.snapshot.string() + " does not read back what was written");
  for (const fs::path& segment : journal_segments(state.path.journal)) remove_file(segment);
  state.has_unsaved = false;
  state.lock.remove();
}

}  // namespace memscale

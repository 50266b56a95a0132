#include "memscale/store/result_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "background_snapshot.hpp"
#include "loaded_store.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/record_bytes.hpp"
#include "memscale/store/checkpoint_folder.hpp"
#include "memscale/store/journal.hpp"
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
  try {
    read_seal(open_file(path.snapshot, O_RDONLY), path.snapshot);
  } catch (const std::system_error& error) {
    throw invalid_store(path.snapshot, std::string("cannot be read: ") + error.what());
  }
  return path;
}

/// Throws InputError for a job file that is too long.
Writer storable(Writer writer) {
  if (writer.job.text.size() > longest_text)
    throw InputError("the job file is longer than " + to_text(std::uint64_t{longest_text}) + " bytes");
  for_each_field(writer.job, []<class T>(const char*, T& value) {
    if constexpr (std::is_same_v<T, std::string>) value = storable_text(std::move(value), longest_text);
  });
  writer.command_line = storable_text(std::move(writer.command_line), longest_text);
  return writer;
}

/// The store's jobs and this one. Throws InputError where it differs from them, unless it may.
Provenance provenance_of(const StorePath& path, const LoadedStore& loaded, Writer& writer) {
  const std::vector<std::string> changes = job_differences(loaded.provenance.jobs, writer.job);
  std::string listed;
  for (const std::string& change : changes) listed += (listed.empty() ? "" : "; ") + change;
  if (!changes.empty() && !writer.force)
    throw invalid_store(path.snapshot,
                        "made with other parameters: " + listed + "; give another -o, or --force to keep both");
  writer.job.forced = storable_text(std::move(listed), longest_text);
  Provenance provenance{loaded.provenance.jobs, writer.command_line};
  add_job(provenance.jobs, writer.job);
  return provenance;
}

/// Seconds between two snapshots at least: 30, or what MEMSCALE_SNAPSHOT_SECONDS says.
SnapshotPace::Clock::duration snapshot_interval() {
  double seconds = 30;
  if (const char* text = std::getenv("MEMSCALE_SNAPSHOT_SECONDS")) {
    const std::string_view given(text);
    const auto [end, error] = std::from_chars(given.begin(), given.end(), seconds);
    if (error != std::errc() || end != given.end() || !(seconds >= 0 && seconds <= 1e6))
      throw invalid("MEMSCALE_SNAPSHOT_SECONDS", given, "must be a number of seconds between 0 and 1e6");
  }
  return std::chrono::duration_cast<SnapshotPace::Clock::duration>(std::chrono::duration<double>(seconds));
}

constexpr std::size_t most_put = std::size_t{1} << 18;  // bytes that wait to be written: what fits into a core's cache

void warn_of_no_snapshot(const std::string& why) {
  std::cerr << "memscale: warning: no snapshot, the journal keeps the results: " << why << '\n';
}

}  // namespace

struct ResultStore::State {
  State(const fs::path& name, Writer given)
      : path(require_usable(resolve_store_path(name))),
        writer(storable(std::move(given))),
        pace(SnapshotPace::Clock::now(), snapshot_interval()),
        lock(path),
        loaded(load_store(path, Formats::present)),
        provenance(provenance_of(path, loaded, writer)),
        journal(path.journal, writer.job, writer.command_line),
        own_file(static_cast<std::uint32_t>(loaded.files.size())) {
    remove_leftovers(path.snapshot);
    has_unsaved = !loaded.has_snapshot || loaded.has_journal;
    for (const std::string& tail : loaded.torn_tails) std::cerr << "memscale: note: " << tail << '\n';
  }

  void require_open() const {
    if (!lock.held()) throw std::logic_error("the store is finished");
  }

  /// All records, in the order of their arrival.
  RecordSource source() {
    if (loaded.files.size() == own_file && !journal.path().empty())
      loaded.files.push_back(std::make_shared<JournalSegment>(journal.path(), path.snapshot));
    return {loaded.files, loaded.index.entries()};
  }

  Record read(const IndexEntry& entry) { return source().files[entry.file]->twin()->read(entry, {}); }

  /// Puts the record behind those that wait to be written. What it throws comes after these are.
  void put(const Record& given) try {
    std::optional<Record> changed;
    if (!is_storable(given)) changed = storable(given);
    const Record& record = changed ? *changed : given;
    const std::uint64_t id = trial_id(record.trial);
    loaded.index.prefetch(id);
    if (waiting.find(id)) write();  // it is judged by the one before
    bytes.cut(0);
    const RecordSummary summary = encode_and_summarize(bytes, record);  // an unsound one would hide those behind it
    const IndexEntry entry = index_entry(id, summary, own_file);
    if (loaded.index.would_add(entry) == RecordIndex::Added::conflict)
      throw std::runtime_error(conflict_text(read(*loaded.index.find(id)), record));
    waiting.add(entry);
    frames.add(id, bytes.bytes());
  } catch (...) {
    write();
    throw;
  }

  /// Writes what waits.
  void write() {
    try {
      journal.append(frames, [&](std::size_t i, JournalWriter::Place place) {
        IndexEntry entry = waiting.entries()[i];
        entry.offset = place.offset;
        entry.length = place.length;
        loaded.index.add(entry);
        has_unsaved = true;
      });
    } catch (...) {
      forget_waiting();
      throw;
    }
    forget_waiting();
  }

  void forget_waiting() {
    frames.clear();
    waiting.clear();
  }

  void collect_snapshot() {
    const auto failure = background.take_result();
    if (!failure) return;
    pace.written(snapshot_began, SnapshotPace::Clock::now());
    if (failure->empty()) return;
    has_unsaved = true;
    warn_of_no_snapshot(*failure);
  }

  void remove_checkpoints(Work work) const {
    CheckpointFolder checkpoints(path);
    if (work == Work::done) return checkpoints.remove_all();
    for (std::uint64_t id : checkpoints.ids())
      if (loaded.index.has_result(id)) checkpoints.remove(id);
  }

  StorePath path;
  Writer writer;
  SnapshotPace pace;
  StoreLock lock;
  LoadedStore loaded;
  Provenance provenance;
  JournalWriter journal;
  ByteWriter bytes;        ///< of the record at hand
  JournalFrames frames;    ///< to be written next
  RecordIndex waiting;     ///< their entries, without their places
  std::uint32_t own_file;  ///< number of the own segment among the files
  bool has_unsaved;        ///< what no snapshot holds for sure, the one being written counted as one
  SnapshotPace::Clock::time_point snapshot_began;
  BackgroundSnapshot background;
};

ResultStore::ResultStore(const fs::path& path, Writer writer)
    : state_(std::make_unique<State>(path, std::move(writer))) {}
ResultStore::~ResultStore() = default;
ResultStore::ResultStore(ResultStore&&) noexcept = default;
ResultStore& ResultStore::operator=(ResultStore&&) noexcept = default;

std::size_t ResultStore::size() const {
  return state_->loaded.index.size();
}

std::optional<TrialStatus> ResultStore::status_of(std::uint64_t trial_id) const {
  const IndexEntry* entry = state_->loaded.index.find(trial_id);
  return entry ? std::optional(entry->status) : std::nullopt;
}

std::optional<Record> ResultStore::find(std::uint64_t trial_id) const {
  const IndexEntry* entry = state_->loaded.index.find(trial_id);
  if (!entry) return std::nullopt;
  return state_->read(*entry);
}

std::vector<Record> ResultStore::find_all(std::span<const std::uint64_t> trial_ids, RecordParts parts) const {
  RecordSource held = state_->source();
  held.entries.clear();
  held = held.twin();  // a snapshot that is being written reads the other one
  for (std::uint64_t id : trial_ids)
    if (const IndexEntry* entry = state_->loaded.index.find(id)) held.entries.push_back(*entry);
  std::sort(held.entries.begin(), held.entries.end(), [](const IndexEntry& a, const IndexEntry& b) {
    return std::pair(a.file, a.offset) < std::pair(b.file, b.offset);
  });
  std::vector<Record> records;
  held.for_each([&](Record record, const IndexEntry&) { records.push_back(std::move(record)); }, parts);
  return records;
}

bool ResultStore::has_result(std::uint64_t trial_id) const {
  return state_->loaded.index.has_result(trial_id);
}

void ResultStore::append(std::span<const Record> records) {
  State& state = *state_;
  state.require_open();
  for (const Record& record : records) {
    state.put(record);
    if (state.frames.size() >= state.journal.until_sync() || state.frames.bytes() >= most_put) {
      state.write();
      state.journal.sync_if_due();
    }
  }
  state.write();
  state.journal.sync_if_due();
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
  State& state = *state_;
  state.collect_snapshot();
  const auto now = SnapshotPace::Clock::now();
  if (state.background.is_at_work() || !state.has_unsaved || !state.lock.held() || !state.pace.is_due(now)) return;
  state.snapshot_began = now;
  try {
    state.background.start(state.path.snapshot, state.provenance, state.source());
    state.has_unsaved = false;
  } catch (const std::system_error& error) {  // no thread, no descriptor: no reason to end the run
    state.pace.written(now, now);
    warn_of_no_snapshot(error.what());
  }
}

void ResultStore::finish(Work work) {
  State& state = *state_;
  state.require_open();
  if (state.background.is_at_work() && !state.background.cancel()) state.has_unsaved = true;
  state.journal.sync();
  const std::vector<fs::path> segments = journal_segments(state.path.journal);
  if (state.has_unsaved || !segments.empty()) {
    RecordSource source = state.source();
    source.entries = sorted_by_id(std::move(source.entries));
    if (state.has_unsaved)
      write_snapshot(state.path.snapshot, state.provenance, source);
    else  // in the background, and verified in part only
      verify_snapshot(state.path.snapshot, source);
  }
  remove_segments(state.path);
  state.has_unsaved = false;
  state.remove_checkpoints(work);
  state.lock.remove();
}

}  // namespace memscale

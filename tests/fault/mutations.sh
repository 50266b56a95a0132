#!/usr/bin/env bash
# Tests that cannot fail show nothing: takes one safeguard of the store after the other out of a copy of the sources,
# and requires that some test of test-store or test-fault fails each time.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../tools/common.sh"
unset MEMSCALE_TEST_FULL
[ ! -d /dev/shm ] || export TMPDIR=/dev/shm # no waiting for a disk's fsync, thousands of times

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
source=$folder/source
build=$folder/build

# name | file | what sed does to it
mutations=(
  "a frame's checksum is not compared|journal_reader.cpp|s/^( *)if \(frame_checksum\(.*\) != checksum\) return.*$/\1static_cast<void>(checksum);/"
  "a record's checksum is not compared when it is read|journal_reader.cpp|s/if \(frame_checksum\(.*\) != checksum\) throw/if (checksum == 0 \&\& frame_checksum(legacy_, start, payload) != 0) throw/"
  "a snapshot's checksum is not compared|sealed_file.cpp|s/if \(checksum_of\(file, sealed, path\) != number_at\(file, sealed, path\)\)/if (sealed == 0)/"
  "the journal is not synced|journal_writer.cpp|s/take_sync\(::fdatasync\(segment_.get\(\)\) == 0 \? 0 : errno\)/take_sync(0)/"
  "the journal is not synced beside the appends|journal_writer.cpp|s/return ::fdatasync\(file\) == 0 \? 0 : errno;/return file < 0 ? errno : 0;/"
  "a failed fdatasync is tried again|journal_writer.cpp|s/^( *)failure_ = std::error_code\(error,.*$/\1const std::error_code failure_(error, std::generic_category());/"
  "a torn record is not cut off|journal_writer.cpp|s/if \(::ftruncate\(segment_.get\(\), .*\) != 0\) failure_/if (size_ == 0) failure_/"
  "a torn record that cannot be cut off is passed over|journal_writer.cpp|s/(if \(::ftruncate\(.*\) != 0\)) failure_ = error.code\(\);/\1 {}/"
  "a snapshot is renamed before it is synced|sealed_file.cpp|/^ *sync_file\(file, name_\);$/d"
  "the folder is not synced after the rename|sealed_file.cpp|/^ *sync_folder\(path_.parent_path\(\)\);$/d"
  "the folder is not synced after a new segment|journal_writer.cpp|/^ *sync_folder\(folder_\);$/d"
  "a snapshot is not read back before the rename|sealed_file.cpp|s/if \(checksum_of\(file, content.size.*$/if (content.empty())/"
  "a segment may be there already|journal_writer.cpp|s/O_CREAT \| O_EXCL/O_CREAT/"
  "a temporary file may be there already|sealed_file.cpp|s/O_CREAT \| O_EXCL/O_CREAT/"
  "a snapshot is written in place|sealed_file.cpp|s/= create_beside\(path_\);/= std::pair(open_file(path_, O_RDWR | O_CREAT | O_TRUNC), path_);/"
  "two results of a trial need not agree|record_index.cpp|s/return RecordIndex::Added::conflict;/return RecordIndex::Added::known;/"
  "a failed result replaces a finished one|record_index.cpp|s/if \(!held.is_finished\(\)\) return/if (!entry.is_finished() || !held.is_finished()) return/"
  "there is no lock|store_lock.cpp|s/^bool take_lock\(.*\{$/&\n  if (file.get() >= 0 \&\& !name.empty()) return true;/"
  "a lock whose name is gone counts|store_lock.cpp|s/if \(!is_named\(file, name\)\) return \{\};//"
  "a snapshot is not decoded before the rename|snapshot.cpp|/^ *verify_snapshot\(draft.name\(\), source, verify\);$/d"
  "a snapshot of the background is never decoded|result_store.cpp|s/^ *verify_snapshot\(state.path.snapshot, source\);$/{}/"
  "the journal goes before the snapshot is there|result_store.cpp|s/^( *)RecordSource source = state.source\(\);$/&\n\1remove_segments(state.path);/"
  "a checkpoint's checksum is not compared|checkpoint_folder.cpp|s/if \(!std::equal\(seal.begin\(\), seal.end\(\), (.*)\)\) return/if (!std::equal(seal.begin(), seal.end() - 8, \1)) return/"
  "a checkpoint is renamed before it is synced|checkpoint_folder.cpp|/^ *sync_file\(file_, name_\);$/d"
  "a checkpoint's name is not synced|checkpoint_folder.cpp|/^ *sync_folder\(path.parent_path\(\)\);$/d"
  "a finished store keeps checkpoints|result_store.cpp|s/^( *)state.remove_checkpoints\(work\);$/\1static_cast<void>(work);/"
  "what killed runs left beside a store stays|result_store.cpp|/^ *remove_leftovers\(path.snapshot\);$/d"
)

# failing_test: builds, runs both programs and prints the first test that fails; nothing if none does.
failing_test() {
  cmake --build "$build" --target test-store test-fault --parallel "$(cores)" >"$folder/build.log" 2>&1 || {
    cat "$folder/build.log" >&2
    fail "it does not compile: $1"
  }
  local program
  for program in test-store test-fault; do
    if ! timeout 900 "$build/bin/$program" --abort -r xml >"$folder/tests.xml" 2>/dev/null; then
      printf '%s: %s' "$program" "$(sed -nE 's/^ *<TestCase name="([^"]*)".*$/\1/p' "$folder/tests.xml" | tail -n 1)"
      return
    fi
  done
}

mkdir "$source"
tar -C "$repository" --exclude=./build --exclude=./.git -cf - . | tar -C "$source" -xf -
launcher=()
if command -v ccache >/dev/null; then launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
cmake -G Ninja -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=None -DCMAKE_CXX_FLAGS=-O1 "${launcher[@]}" \
  >"$folder/configure.log" 2>&1 || { cat "$folder/configure.log" >&2; fail "cannot configure the copy"; }
found=$(failing_test "the unchanged copy")
[ -z "$found" ] || fail "without a mutation a test fails: $found"

survivors=0
for mutation in "${mutations[@]}"; do
  IFS='|' read -r name file script <<<"$mutation"
  script=${mutation#"$name|$file|"}
  target=$source/src/store/$file
  cp "$target" "$folder/original"
  sed -E -i "$script" "$target"
  if cmp -s "$target" "$folder/original"; then fail "$name: $file has changed, sed finds nothing to mutate"; fi
  found=$(failing_test "$name")
  printf 'count: %s -> %s\n' "$name" "${found:-NO TEST FAILS}"
  [ -n "$found" ] || survivors=$((survivors + 1))
  cp "$folder/original" "$target"
done
[ "$survivors" -eq 0 ] || fail "$survivors mutations of ${#mutations[@]} are not noticed"

#include <array>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>

#include "catch.hpp"
#include "memscale/core/thread_team.hpp"
#include "memscale/parallel/mpi_rank_group.hpp"
#include "processor_time.hpp"
#include "world_group.hpp"

using namespace memscale;
using namespace std::chrono_literals;

namespace {

RankGroup::Bytes pattern(std::size_t size, int rank) {
  RankGroup::Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>((i * 31 + i / 4093) % 251 + 1 + rank);
  return bytes;
}

/// A sum of very different magnitudes: another order of additions gives other bits.
double ordered_sum(ThreadTeam& team, std::size_t count) {
  std::vector<std::vector<double>> values(static_cast<std::size_t>(team.size()));
  double sum = 0;
  std::size_t next = 0;
  bool as_made = true;
  team.run_split(
      count,
      [&](std::size_t task, int thread) {  // results of any length, and of none
        std::vector<double>& own = values[static_cast<std::size_t>(thread)];
        own.assign(task % 5, 0);
        for (double& value : own) value = std::pow(-3.7, static_cast<double>(task % 37));
      },
      [&](int thread) { return std::as_bytes(std::span(values[static_cast<std::size_t>(thread)])); },
      [&](std::size_t task, std::span<const std::byte> result) {
        const auto own = values_of<double>(result);
        as_made = as_made && task == next++ && own.size() == task % 5;
        for (double value : own) sum += value;
      });
  CHECK(as_made);
  return leaders(team.group(), sum);
}

/// What a loop throws whose task `bad` fails.
std::string message_of_loop(ThreadTeam& team, std::size_t count, std::size_t bad) {
  try {
    const std::vector<std::byte> nothing;
    team.run_split(
        count,
        [&](std::size_t task, int) {
          if (task == bad) throw std::runtime_error("task " + std::to_string(task));
        },
        [&](int) { return std::span(nothing); }, [](std::size_t, auto) {});
    leaders(team.group(), 0);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "nothing thrown";
}

}  // namespace

TEST_CASE("a group holds what its ranks gather and its leader says, in order, short and long") {
  WorldGroup group;
  for (std::size_t size : {0, 1, 1000, 5000, 1 << 20, 3, 1 << 22}) {
    const auto all = group->gather(pattern(size, group->rank()));
    CHECK(all.size() == (group->leads() ? static_cast<std::size_t>(group->size()) : 0));
    for (std::size_t rank = 0; rank < all.size(); ++rank) CHECK((all[rank] == pattern(size, static_cast<int>(rank))));
    CHECK((*group->broadcast(group->leads() ? pattern(size, 7) : RankGroup::Bytes()) == pattern(size, 7)));
    CHECK(leaders(&*group, group->rank() + 5) == 5);
    std::vector<int> values(static_cast<std::size_t>(group->rank()), group->rank());
    broadcast(&*group, values);
    CHECK(values.empty());
  }
  CHECK(group->finish("").empty());
}

TEST_CASE("what is longer than MPI can count goes in pieces") {
  const Communicator groups = Communicator::world();
  const int last = groups.size() - 1;
  if (last == 0 || (groups.rank() > 0 && groups.rank() < last)) return;
  MpiRankGroup group(groups, {0, last}, 1);
  const auto bytes = pattern((std::size_t{130} << 20) + 5, 1);  // two pieces of 64 MiB and a rest
  CHECK((*group.broadcast(group.leads() ? bytes : RankGroup::Bytes()) == bytes));
  const auto all = group.gather(group.leads() ? RankGroup::Bytes() : bytes);
  if (group.leads()) CHECK((all.at(1) == bytes));
  CHECK(group.finish("").empty());
}

TEST_CASE("a group is made of its own ranks, each once") {
  const Communicator groups = Communicator::world();
  CHECK_THROWS_AS(MpiRankGroup(groups, {groups.rank() + 1}, 1), std::invalid_argument);
  CHECK_THROWS_AS(MpiRankGroup(groups, {groups.rank(), groups.rank()}, 1), std::invalid_argument);
}

TEST_CASE("a split loop commits every task once, in order, for any numbers of ranks and threads") {
  ThreadTeam one(1);
  WorldGroup group;
  for (int threads : {1, 3}) {
    ThreadTeam team(threads);
    team.set_group(&*group);
    for (std::size_t count : {0, 1, 2, 4, 5, 6, 1000}) CHECK(ordered_sum(team, count) == ordered_sum(one, count));
  }
  CHECK(group->finish("").empty());
}

TEST_CASE("a split loop waits for the slowest rank") {
  WorldGroup group;
  ThreadTeam team(2);
  team.set_group(&*group);
  for (int slow = 0; slow < group->size(); ++slow) {
    std::array<std::vector<std::size_t>, 2> results;  // too long to be sent before they are asked for
    std::vector<std::size_t> committed;
    team.run_split(
        static_cast<std::size_t>(150 * group->size()),
        [&](std::size_t task, int thread) {
          if (group->rank() == slow) std::this_thread::sleep_for(100us);
          results[static_cast<std::size_t>(thread)].assign(2000, task);
        },
        [&](int thread) { return std::as_bytes(std::span(results[static_cast<std::size_t>(thread)])); },
        [&](std::size_t, std::span<const std::byte> result) {
          committed.push_back(values_of<std::size_t>(result).back());
        });
    broadcast(&*group, committed);
    std::vector<std::size_t> expected(static_cast<std::size_t>(150 * group->size()));
    std::iota(expected.begin(), expected.end(), std::size_t{0});
    CHECK(committed == expected);
  }
  CHECK(group->finish("").empty());
}

TEST_CASE("a failure on any rank reaches all of them, and the group works on") {
  WorldGroup group;
  for (int threads : {1, 3})
    for (std::size_t bad = 0; bad < 20; ++bad) {
      ThreadTeam team(threads);
      team.set_group(&*group);
      const std::string expected = "task " + std::to_string(bad);
      // that rank's own exception, or RankFailure
      const std::string message = message_of_loop(team, 20, bad);
      CHECK(message == expected);
      CHECK(group->finish(message) == expected);
      CHECK(ordered_sum(team, 100) == leaders(&*group, ordered_sum(team, 100)));
      CHECK(group->finish("").empty());
    }
}

TEST_CASE("a failure before and after all that a group does together reaches the leader") {
  WorldGroup group;
  for (int bad = 0; bad < group->size(); ++bad) {
    const bool fails = group->rank() == bad;
    const std::string why = "rank " + std::to_string(bad), own = fails ? why : "";
    std::string message = own;
    if (!fails) {
      try {
        std::vector<double> values(100000, 1);
        for (int repeat = 0; repeat < 100; ++repeat) {
          broadcast(&*group, std::span(values));
          group->gather({});
        }
      } catch (const RankFailure& failure) {
        message = failure.what();
      }
    }
    CHECK(message == why);
    CHECK(group->finish(message) == why);
    leaders(&*group, 0);
    const std::string verdict = group->finish(own);
    if (group->leads() || fails) CHECK(verdict == why);
  }
}

TEST_CASE("ranks that are out of step end") {
  WorldGroup group;
  std::string message;
  try {
    if (!group->leads()) group->begin_loop();
    group->gather({});
    leaders(&*group, 0);
  } catch (const std::exception& error) {
    message = error.what();
  }
  CHECK(message.empty() == (group->size() == 1));
  CHECK(group->finish(message) == message);
}

TEST_CASE("what an older group has left is dropped") {
  WorldGroup group;
  const Communicator& groups = group.communicator();
  const std::vector<std::uint64_t> header{0, 0, 1, 3};  // epoch, sequence, label, bytes
  const std::vector<std::byte> bytes(3);
  std::vector<MPI_Request> requests;
  for (int rank = 0; rank < groups.size(); ++rank) {
    if ((rank == 0) == (groups.rank() == 0)) continue;
    requests.push_back(groups.start_send(rank, 1, std::as_bytes(std::span(header))));
    requests.push_back(groups.start_send(rank, 1, bytes));
  }
  CHECK(leaders(&*group, group->rank() + 3) == 3);
  CHECK(group->gather(pattern(10, group->rank())).empty() != group->leads());
  CHECK(group->finish("").empty());
  for (MPI_Request& request : requests)
    while (!groups.completed(request)) std::this_thread::yield();
}

// Of processor time, which a busy machine does not stretch.
TEST_CASE("members sleep while their leader is at work") {
  WorldGroup group;
  leaders(&*group, 0);
  const double before = thread_seconds();
  if (group->leads()) std::this_thread::sleep_for(500ms);
  leaders(&*group, 0);
  CHECK(thread_seconds() - before < 0.05);
  CHECK(group->finish("").empty());
}

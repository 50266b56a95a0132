#include "message_costs.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "machine.hpp"
#include "memscale/parallel/environment.hpp"
#include "memscale/parallel/mailbox.hpp"
#include "record_maker.hpp"
#include "samples.hpp"

namespace memscale::bench {

namespace {

using nlohmann::json;

constexpr int pings = 3000;
constexpr int exchanges = 500;
constexpr std::size_t batch = 64;

template <class Costs, class F>
void for_each_cost(Costs& costs, F&& f) {
  f("latency", costs.latency);
  f("send", costs.send);
  f("send_trial", costs.send_trial);
  f("receive", costs.receive);
  f("receive_record", costs.receive_record);
  f("keep_record", costs.keep_record);
}

void receive_byte(const Communicator& world, int from) {
  std::byte byte{};
  MPI_Request request = world.start_receive(from, 1, {&byte, 1});
  while (!world.completed(request)) std::this_thread::yield();  // the other rank may need this core
}

void send_byte(const Communicator& world, int to) {
  const std::byte byte{1};
  MPI_Request request = world.start_send(to, 1, {&byte, 1});
  while (!world.completed(request)) std::this_thread::yield();
}

/// Half of the median round trip of a byte.
double measure_latency(const Communicator& world) {
  Samples samples;
  for (int i = 0; i < pings; ++i)
    samples.add(seconds_of([&] {
      send_byte(world, 1);
      receive_byte(world, 1);
    }));
  return samples.median() / 2;
}

/// The CPU time of the call that brought it goes to `cpu`.
Letter wait_for_letter(Mailbox& mailbox, Samples* cpu = nullptr) {
  for (;;) {
    const double start = cpu_seconds_of_thread();
    auto letter = mailbox.receive();
    if (letter) {
      if (cpu) cpu->add(cpu_seconds_of_thread() - start);
      return std::move(*letter);
    }
    std::this_thread::yield();
  }
}

/// Median CPU time of f, called again and again.
template <class F>
double cpu_seconds_of(F&& f) {
  Samples samples;
  for (int i = 0; i < exchanges; ++i) {
    const double start = cpu_seconds_of_thread();
    f();
    samples.add(cpu_seconds_of_thread() - start);
  }
  return samples.median();
}

/// A report of so many records of one step, as those of jobs/fig2.cfg.
ReportTrials report_of(std::size_t records) {
  RecordMaker maker(1);
  Report report{.rank = 1, .records = {}, .returned = {}, .idle = true};
  for (std::size_t i = 0; i < records; ++i) report.records.push_back(maker.make(Trial{}));
  return {report};
}

AssignTrials assignment_of(std::size_t trials) {
  return {.ranks = {1}, .epoch = 1, .trials = std::vector<Trial>(trials)};
}

/// Median CPU times of sending an assignment of one trial and of receiving a report of one record.
std::pair<double, double> measure_exchange(const Communicator& world) {
  Mailbox mailbox(world);
  const AssignTrials assignment = assignment_of(1);
  Samples receiving;
  double sending = cpu_seconds_of([&] { mailbox.send(1, assignment); });
  for (int i = 0; i < exchanges; ++i) wait_for_letter(mailbox, &receiving);
  mailbox.flush();
  return {sending, receiving.median()};
}

MessageCosts measure(const Communicator& world) {
  MessageCosts costs;
  costs.latency = measure_latency(world);
  // What a trial or record more takes is its encoding: messages of many travel by other ways in each MPI library.
  const auto each = [](const auto& message_of) {
    const auto seconds = [&](std::size_t count) {
      const Message message = message_of(count);
      const auto bytes = encode_message(message);
      return std::pair(cpu_seconds_of([&] { encode_message(message); }),
                       cpu_seconds_of([&] { decode_message(tag_of(message), bytes); }));
    };
    const auto one = seconds(1), many = seconds(batch);
    return std::pair((many.first - one.first) / (batch - 1), (many.second - one.second) / (batch - 1));
  };
  costs.send_trial = std::max(0.0, each(assignment_of).first);
  costs.receive_record = std::max(0.0, each(report_of).second);
  const auto [sending, receiving] = measure_exchange(world);
  costs.send = std::max(0.0, sending - costs.send_trial);
  costs.receive = std::max(0.0, receiving - costs.receive_record);
  return costs;
}

/// Answers what `measure` sends.
void answer(const Communicator& world) {
  for (int i = 0; i < pings; ++i) {
    receive_byte(world, 0);
    send_byte(world, 0);
  }
  Mailbox mailbox(world);
  const ReportTrials report = report_of(1);
  for (int i = 0; i < exchanges; ++i) {
    wait_for_letter(mailbox);
    mailbox.send(0, report);
  }
  mailbox.flush();
}

}  // namespace

json to_json(const MessageCosts& costs) {
  json fields;
  for_each_cost(costs, [&](const char* name, double seconds) { fields[name] = seconds; });
  return fields;
}

MessageCosts message_costs(const json& fields) {
  MessageCosts costs;
  for_each_cost(costs, [&](const char* name, double& seconds) { seconds = fields.at(name).get<double>(); });
  return costs;
}

void take_message_phase() {
  const MpiEnvironment mpi;
  const Communicator world = Communicator::world();
  try {
    if (world.size() != 2) throw std::runtime_error("two ranks are needed");
    if (world.rank() > 0) return answer(world);
    std::printf("%s\n", to_json(measure(world)).dump().c_str());
    std::fflush(stdout);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "memscale-bench: %s\n", error.what());
    world.abort(1);
  }
}

}  // namespace memscale::bench

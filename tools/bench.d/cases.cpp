#include "cases.hpp"

#include <algorithm>
#include <map>

#include "beside_peak.hpp"
#include "memscale/linalg/blas.hpp"
#include "memscale/model/capacity.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/model/softmax_gradient.hpp"

namespace memscale::bench {

using nlohmann::json;

std::int64_t Bench::rows_for(double flops_a_row, std::int64_t items, std::int64_t block) const {
  if (options.rows > 0) return std::min(options.rows, items);
  const auto rows = static_cast<std::int64_t>(options.flops / flops_a_row);
  return std::min((rows / block + 1) * block, items);
}

void put(json& row, const std::string& key, const Samples& samples) {
  if (samples.empty()) return;
  row[key] = samples.best();
  row[key + "_median"] = samples.median();
}

namespace {

/// A kernel's times and rates; those of the whole team bear the suffix _all.
void put_rates(json& row, const BesidePeak& kernel, double flops, const std::string& suffix = "") {
  if (kernel.seconds().empty()) return;
  put(row, "seconds" + suffix, kernel.seconds());
  row["peak" + suffix] = kernel.peak();
  row["rate" + suffix] = flops * 1e-9 / kernel.seconds().best();
  row["of_peak" + suffix] = kernel.fraction(flops);
  row["busy" + suffix] = kernel.busy();
}

void put_rates(json& row, const BesidePeak& one, const BesidePeak& all, double flops) {
  row["flops"] = flops;
  put_rates(row, one, flops);
  put_rates(row, all, flops, "_all");
  if (!all.seconds().empty()) row["speedup_all"] = one.seconds().best() / all.seconds().best();
}

/// row[KEY] = scale * best, row[KEY_times] = how many times memscale's time that is.
void put_rival(json& row, const std::string& key, const Samples& samples, double scale,
               const char* against = "seconds") {
  if (samples.empty()) return;
  row[key] = scale * samples.best();
  row[key + "_times"] = row.at(key).get<double>() / row.at(against).get<double>();
}

}  // namespace

json measure_capacity(Bench& bench, const Inputs& inputs, const Folder& folder) {
  const auto d = inputs.memory.dimension(), items = inputs.memory.items();
  const double budget = bench.options.budget;
  const std::int64_t rows = bench.rows_for(2.0 * static_cast<double>(items * d), items, 512);
  BesidePeak one(bench.one), all(bench.all);
  Samples prepare;
  std::map<std::string, Samples> rivals;
  json row{{"d", d}, {"items", items}, {"rows", rows}};
  prepare.run(0, [&] { Competitors again(inputs.memory, bench.one); });
  for (int round = 0; round < bench.options.rounds; ++round) {
    Recovery recovery;
    const auto check = [&](ThreadTeam& team) {
      recovery = find_recovered(inputs.memory, inputs.competitors, inputs.weights, 0, team);
    };
    one.round(budget, [&] { check(bench.one); });
    if (bench.compares_threads()) all.round(budget, [&] { check(bench.all); });
    row["capacity"] = recovery.capacity();
    folder.write("recovered", recovery.recovered.data(), recovery.recovered.size());
    bench.rivals.each([&](Rival& rival) {
      for (const std::string scan : {"early", "full"}) {
        const json request{{"do", "capacity_" + scan}, {"rows", rows}, {"budget", budget}, {"check", round == 0}};
        const json reply = measure(rival, request, rivals[rival.key + "_" + scan]);
        if (round > 0) continue;
        for (const char* number : {"capacity", "disputed", "memscale_wrong"})
          row[rival.key + "_" + scan + "_" + number] = reply.at(number);
      }
    });
  }
  put(row, "prepare", prepare);
  put_rates(row, one, all, 2.0 * static_cast<double>(items) * static_cast<double>(items) * static_cast<double>(d));
  const double to_all = static_cast<double>(items) / static_cast<double>(rows);
  for (const auto& [key, samples] : rivals) put_rival(row, key, samples, key.ends_with("_full") ? to_all : 1);
  return row;
}

json measure_softmax(Bench& bench, const Inputs& inputs, const Folder& folder, const std::string& name,
                     const Batch& batch, std::int64_t most_rows, int rounds) {
  const auto d = inputs.memory.dimension(), items = inputs.memory.items();
  const auto rows = static_cast<std::int64_t>(batch.items.size()), rival_rows = std::min(rows, most_rows);
  write_batch(folder, name, batch);
  BesidePeak one(bench.one), all(bench.all);
  std::map<std::string, Samples> rivals;
  json row{{"d", d}, {"items", items}, {"rows", rows}, {"rival_rows", rival_rows}};
  for (int round = 0; round < rounds; ++round) {
    Matrix gradient;
    const auto step = [&](ThreadTeam& team) {
      gradient = softmax_gradient(inputs.memory, inputs.weights, batch, team).gradient;
    };
    one.round(bench.options.budget, [&] { step(bench.one); });
    if (bench.compares_threads()) all.round(bench.options.budget, [&] { step(bench.all); });
    folder.write(name + "-gradient", gradient.data(), static_cast<std::size_t>(gradient.size()) * sizeof(double));
    bench.rivals.each([&](Rival& rival) {
      json request{{"do", "softmax"},     {"batch", name}, {"rows", rival_rows}, {"budget", bench.options.budget},
                   {"check", round == 0}, {"threads", 1}};
      const json reply = measure(rival, request, rivals[rival.key]);
      if (reply.contains("difference")) row[rival.key + "_difference"] = reply["difference"];
      if (rival.key != "pytorch" || !bench.compares_threads()) return;
      request["threads"] = bench.all.size();
      measure(rival, request, rivals[rival.key + "_all"]);
    });
  }
  put_rates(row, one, all, 4.0 * static_cast<double>(rows) * static_cast<double>(items) * static_cast<double>(d));
  const double to_all = static_cast<double>(rows) / static_cast<double>(rival_rows);
  for (const auto& [key, samples] : rivals) {
    put_rival(row, key, samples, to_all, key.ends_with("_all") ? "seconds_all" : "seconds");
    const double rate = row.at("flops").get<double>() * 1e-9 / row.at(key).get<double>();
    row[key + "_of_peak"] = rate / row.at(key.ends_with("_all") ? "peak_all" : "peak").get<double>();
  }
  return row;
}

json measure_products(Bench& bench, const Inputs& inputs) {
  const auto d = inputs.memory.dimension(), items = inputs.memory.items();
  BesidePeak scores(bench.one), gradient(bench.one), gradient_all(bench.all);
  const MatrixF weights = inputs.weights.cast<float>();
  MatrixF x(items, d);
  const Batch population = population_batch(inputs.p);
  const auto take_gradient = [&](ThreadTeam& team) {
    gradient_at_zero(inputs.memory, inputs.output_mean, population, team);
  };
  for (int round = 0; round < bench.options.rounds; ++round) {
    scores.round(bench.options.budget,
                 [&] { blas::gemm(blas::Op::none, blas::Op::transpose, 1.f, inputs.memory.v, weights, 0.f, x); });
    gradient.round(bench.options.budget, [&] { take_gradient(bench.one); });
    if (bench.compares_threads()) gradient_all.round(bench.options.budget, [&] { take_gradient(bench.all); });
  }
  const double flops = 2.0 * static_cast<double>(items * d) * static_cast<double>(d);
  json row{{"d", d}, {"items", items}};
  put(row, "gemm", scores.seconds());
  row["gemm_rate"] = flops * 1e-9 / scores.seconds().best();
  row["gemm_of_peak"] = scores.fraction(flops);
  put_rates(row, gradient, gradient_all, flops);
  for (const char* fraction : {"of_peak", "of_peak_all"})  // of the float64 peak: half the lanes
    if (row.contains(fraction)) row[fraction] = 2 * row.at(fraction).get<double>();
  return row;
}

}  // namespace memscale::bench

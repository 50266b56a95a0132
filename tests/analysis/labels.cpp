#include <limits>
#include <map>
#include <set>

#include "analysis/planted.hpp"
#include "catch.hpp"
#include "memscale/analysis/aggregate.hpp"

using namespace memscale;

namespace {

Record steps_record(OptimizerKind optimizer, std::int64_t steps, double batch) {
  Trial trial = planted_trial(optimizer, 64, 1.5, 1);
  trial.steps = steps;
  trial.batch = batch;
  return planted_record(trial, 1);
}

std::vector<std::string> labels_of(const std::vector<Record>& records) {
  std::vector<std::string> labels;
  for (const Family& family : aggregate(records).families) labels.push_back(family.label);
  return labels;
}

}  // namespace

TEST_CASE("steps and batches make families, each method's together, with labels that can be read") {
  std::vector<Record> records;
  for (std::int64_t steps : {4, 1, 2})
    for (double batch : {std::numeric_limits<double>::infinity(), 256.0, 64.0})
      for (OptimizerKind optimizer : {OptimizerKind::muon, OptimizerKind::gd})
        records.push_back(steps_record(optimizer, steps, batch));
  const std::vector<std::string> labels = labels_of(records);
  REQUIRE(labels.size() == 18);
  CHECK(labels[0] == "gd batch=64 steps=1");
  CHECK(labels[3] == "gd batch=256 steps=1");
  CHECK(labels[8] == "gd batch=inf steps=4");
  CHECK(labels[9] == "muon batch=64 steps=1");
  CHECK(labels[17] == "muon batch=inf steps=4");
}

TEST_CASE("a learning rate of each method's own is no difference between methods") {
  Trial gd = planted_trial(OptimizerKind::gd, 64, 1.5, 1), muon = planted_trial(OptimizerKind::muon, 64, 1.5, 1);
  gd.steps = muon.steps = 5;
  gd.eta = 0.01;
  gd.eta_growth = 1;
  gd.eta_scale = gd.eta_growth_scale = muon.eta_scale = EtaScale::sqrt_d;
  CHECK(labels_of({planted_record(gd, 1), planted_record(muon, 1)}) == std::vector<std::string>{"gd", "muon"});
  Trial faster = muon;
  faster.eta = 2;
  CHECK(labels_of({planted_record(gd, 1), planted_record(muon, 1), planted_record(faster, 1)}) ==
        std::vector<std::string>{"gd", "muon eta=sqrt(d)", "muon eta=2*sqrt(d)"});
  Trial absolute = muon;
  absolute.eta_scale = EtaScale::absolute;
  CHECK(labels_of({planted_record(gd, 1), planted_record(muon, 1), planted_record(absolute, 1)}) ==
        std::vector<std::string>{"gd", "muon eta=1", "muon eta=sqrt(d)"});
}

TEST_CASE("what means nothing to one step is not told of it") {
  Trial one = planted_trial(OptimizerKind::gd, 64, 1.5, 1), many = one;
  many.steps = 9;
  many.eta_growth = 3;
  many.stop_growth = 0.01;
  many.stop_window = 5;
  many.gradient = GradientKind::thresholded;
  many.threshold = ThresholdRule::argmax;
  const Aggregate data = aggregate({planted_record(one, 1), planted_record(many, 1)});
  CHECK(labels_of({planted_record(one, 1), planted_record(many, 1)}) ==
        std::vector<std::string>{"gd steps=1", "gd steps=9"});
  for (const auto& [name, value] : data.common)
    CHECK(std::set<std::string>{"model", "items", "kappa", "batch", "eta"}.contains(name));
}

TEST_CASE("a rule of the threshold is told where rules differ, its value among its own kind") {
  Trial exact = planted_trial(OptimizerKind::muon, 64, 1.5, 1), argmax = exact;
  exact.steps = argmax.steps = 3;
  argmax.gradient = GradientKind::thresholded;
  argmax.threshold = ThresholdRule::argmax;
  Trial margin = argmax, wide = argmax;
  margin.threshold = wide.threshold = ThresholdRule::margin;
  margin.threshold_value = 1;
  wide.threshold_value = 5;
  CHECK(labels_of({planted_record(exact, 1), planted_record(argmax, 1)}) ==
        std::vector<std::string>{"muon gradient=exact", "muon gradient=thresholded"});
  CHECK(labels_of({planted_record(argmax, 1), planted_record(margin, 1), planted_record(wide, 1)}) ==
        std::vector<std::string>{"muon threshold=argmax", "muon threshold=margin threshold_value=1",
                                 "muon threshold=margin threshold_value=5"});
}

TEST_CASE("results of two physics versions stay apart, and of one are not told of it") {
  const Trial trial = planted_trial(OptimizerKind::muon, 64, 1.5, 1);
  Trial older = trial;
  older.physics = 1;
  const Aggregate both = aggregate({planted_record(older, 100), planted_record(trial, 900)});
  REQUIRE(both.families.size() == 2);
  CHECK(both.families[0].label == "muon physics=1");
  CHECK(both.families[1].label == "muon physics=2");
  CHECK(both.families[0].series.at(0).cells.at(0).mean_capacity == 100);
  CHECK(both.families[1].series.at(0).cells.at(0).mean_capacity == 900);
  for (const Trial& alone : {older, trial}) {
    const Aggregate one = aggregate({planted_record(alone, 1)});
    CHECK(one.families.at(0).label == "muon");
    for (const auto& [name, value] : one.common) CHECK(name != "physics");
  }
}

TEST_CASE("what all families share is listed with its units") {
  Trial trial = planted_trial(OptimizerKind::muon, 64, 1.5, 1);
  trial.steps = 4;
  trial.eta = 2;
  trial.eta_scale = EtaScale::sqrt_d;
  const Aggregate data = aggregate({planted_record(trial, 1)});
  const std::map<std::string, std::string> common(data.common.begin(), data.common.end());
  CHECK(common.at("eta") == "2*sqrt(d)");
  CHECK(common.at("batch") == "inf");
  CHECK(common.at("steps") == "4");
  CHECK(common.at("stop_growth") == "0");
  for (const char* name : {"eta_scale", "stop_window", "ridge", "beta1", "loss_measure", "threshold"})
    CHECK_FALSE(common.contains(name));
}

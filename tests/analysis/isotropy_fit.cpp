#include "memscale/analysis/isotropy_fit.hpp"

#include "analysis/planted_orthogonal.hpp"
#include "catch.hpp"
#include "memscale/analysis/orthogonal_laws.hpp"

using namespace memscale;

TEST_CASE("isotropy of one step's update, whatever the eta, means over seeds") {
  std::vector<Record> records;
  for (std::int64_t seed : {1, 2})
    for (double eta : {1, 2}) {
      Trial trial = two_group_trial(OptimizerKind::signgd, 999, eta);
      trial.task_basis = TaskBasisKind::haar;
      trial.seed = seed;
      Record record = orthogonal_record(trial, [](std::int64_t, double) { return 1.0; });
      record.result.update = {10, 0, 0.5, 99.9, 0.3, 4};
      record.result.centered_largest = 10;
      record.result.centered_smallest = static_cast<double>(seed);
      records.push_back(record);
    }
  const std::vector<IsotropyRow> rows = planted_laws(records).isotropy;
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].condition.value == Approx(0.15));
  CHECK(rows[0].condition.has_interval());
  CHECK(rows[0].rank_share.value == Approx(0.1));
  for (Record& record : records) record.result.update = Result::unmeasured_spectrum;
  CHECK(planted_laws(records).isotropy.empty());
}

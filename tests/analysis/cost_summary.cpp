#include "memscale/analysis/cost_summary.hpp"

#include "analysis/planted.hpp"
#include "catch.hpp"

using namespace memscale;

TEST_CASE("cost: hours, shares, peak memory; a store without times has shares 0") {
  std::vector<Record> records = planted({});
  const CostSummary cost = summarise_cost(records);
  CHECK(cost.core_hours == Approx(2.0 * 64 / 3600));
  CHECK(cost.embeddings == Approx(0.1));
  CHECK(cost.blas == Approx(0.5));
  CHECK(cost.peak_memory == 1 << 30);
  CHECK(cost.hosts == std::set<std::string>{"node1"});
  CHECK(cost.softmax_kernels.empty());
  for (Record& record : records) {
    record.cost.threads = 4;
    record.cost.seconds_measures = 0.5;
    record.cost.softmax_kernel = "avx512";
  }
  CHECK(summarise_cost(records).core_hours == Approx(4 * 2.0 * 64 / 3600));
  CHECK(summarise_cost(records).embeddings == Approx(0.1));
  CHECK(summarise_cost(records).measures == Approx(0.25));
  CHECK(summarise_cost(records).softmax_kernels == std::set<std::string>{"avx512"});
  for (Record& record : records) record.cost = Cost{};
  CHECK(summarise_cost(records).gradient == 0);
}

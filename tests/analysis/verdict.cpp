#include "memscale/analysis/verdict.hpp"

#include "catch.hpp"

using namespace memscale;

namespace {

Estimate estimate(double value, double low, double high) {
  return {value, low, high, (high - low) / 4};
}

Verdict verdict(double theory, std::optional<Estimate> corrected = std::nullopt) {
  return judge(estimate(1.45, 1.41, 1.49), {}, theory, corrected).verdict;
}

}  // namespace

TEST_CASE("theory inside the interval is consistent, whatever the correction says") {
  CHECK(verdict(1.42) == Verdict::consistent);
  CHECK(verdict(1.42, estimate(0.5, 0.4, 0.6)) == Verdict::consistent);
}

TEST_CASE("a significant drift to or past theory is finite-size") {
  CHECK(verdict(1.33, estimate(1.3, 1.2, 1.4)) == Verdict::finite_size);  // theory in its interval
  CHECK(verdict(1.33, estimate(0.9, 0.6, 1.2)) == Verdict::finite_size);  // past theory
  CHECK(verdict(1.60, estimate(1.9, 1.5, 2.3)) == Verdict::finite_size);  // upwards
}

TEST_CASE("no drift, one in the other direction, or one that stops short is not consistent") {
  CHECK(verdict(1.33) == Verdict::not_consistent);
  CHECK(verdict(1.33, estimate(1.0, 0.2, 1.8)) == Verdict::not_consistent);     // leaves the estimate in
  CHECK(verdict(1.33, estimate(1.7, 1.6, 1.8)) == Verdict::not_consistent);     // away
  CHECK(verdict(1.33, estimate(1.38, 1.36, 1.40)) == Verdict::not_consistent);  // short of it
  CHECK(verdict(1.33, Estimate{1.2, NAN, NAN, NAN}) == Verdict::not_consistent);
}

TEST_CASE("without theory or interval there is no verdict") {
  CHECK(judge(estimate(1, 0.9, 1.1), {}, std::nullopt).verdict == Verdict::none);
  const Coefficient bare = judge(Estimate{1.2, NAN, NAN, NAN}, {}, 1.3);
  CHECK(bare.verdict == Verdict::none);
  CHECK(std::isnan(bare.difference));
}

TEST_CASE("the difference counts standard errors") {
  CHECK(judge(estimate(1.45, 1.41, 1.49), {}, 1.33).difference == Approx(6));
}

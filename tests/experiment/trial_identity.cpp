#include <bit>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "memscale/core/text.hpp"
#include "memscale/experiment/trial.hpp"

using namespace memscale;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinite = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("an identity's numbers are the shortest texts that read back the same") {
  std::vector<double> values{
      0.0, -0.0, 1,    -1,     9999, 99999,     100000,       100001,   1e15,      1e22,
      0.1, 1.25, 1e-8, 5e-324, 0.5,  1e5 + 0.5, not_a_number, infinite, -infinite, 1.7976931348623157e308};
  std::mt19937_64 random(1);
  for (int i = 0; i < 1000; ++i) values.push_back(std::bit_cast<double>(random()));
  for (int again = 0; again < 2; ++again)
    for (double value : values) {
      Trial trial;
      trial.eta = value;
      trial.lambda = -value;
      const std::string text = canonical_text(trial);
      REQUIRE(text.find(" eta=" + to_text(value) + " ") != std::string::npos);
      REQUIRE(text.find(" lambda=" + to_text(-value) + " ") != std::string::npos);
    }
}

TEST_CASE("an identity does not depend on the trials whose identities were asked for before") {
  std::vector<Trial> trials;
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    Trial trial = trials.empty() || random() % 8 == 0 ? Trial{} : trials.back();
    const auto number = static_cast<std::int64_t>(random() % 3 == 0 ? random() : random() % 3);
    switch (random() % 8) {
      case 0:
        trial.model = ModelKind{};
        break;
      case 1:
        trial.d = number;
        break;
      case 2:
        trial.seed = -number;
        break;
      case 3:
        trial.alpha = static_cast<double>(number) / 7;
        break;
      case 4:
        trial.optimizer = random() % 2 ? OptimizerKind::gd : OptimizerKind::newton;
        break;
      case 5:
        trial.physics = 1 + static_cast<std::int64_t>(random() % 2);
        break;
      case 6:
        trial.spectra_measure = SpectraMeasure::final;
        break;
      default:
        trial.epsilon = random() % 2 ? not_a_number : -0.0;
        break;
    }
    trials.push_back(trial);
  }
  for (const Trial& trial : trials) {
    std::string alone;
    std::thread([&] { alone = canonical_text(trial); }).join();  // a thread that was asked for no other
    REQUIRE(canonical_text(trial) == alone);
  }
}

#include "memscale/commands/trial_text.hpp"

#include "catch.hpp"
#include "memscale/experiment/job_file.hpp"

using namespace memscale;

TEST_CASE("what varies among trials is told from what does not, and what does not apply is left out") {
  const std::vector<Trial> trials =
      expand(parse_grid("[grid]\nd = 8, 16\noptimizer = gd, muon\nseed = 0\n[train]\neta = 2, sqrt(d)\n", "job", {}))
          .trials;
  REQUIRE(trials.size() == 8);
  const auto varying = varying_fields(trials);
  CHECK(varying == std::set<std::string_view>{"d", "optimizer", "orthogonalizer", "eta", "eta_scale"});
  CHECK(varying_fields(std::span(trials).first(1)).empty());
  CHECK(varying_fields({}).empty());
  Trial gd = trials.front();
  CHECK(fields_text(gd, varying) == "d=8 optimizer=gd eta=2 eta_scale=absolute");
  const std::string others = other_fields_text(gd, varying);
  CHECK(others.find("items=100000 kappa=0 alpha=1.5 batch=inf seed=0 steps=1") != std::string::npos);
  CHECK(others.find("d=8") == std::string::npos);
  CHECK(others.find("ns_steps") == std::string::npos);
  CHECK(others.find("orthogonalizer") == std::string::npos);
}

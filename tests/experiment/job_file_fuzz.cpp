#include <fstream>
#include <random>

#include "catch.hpp"
#include "full_counts.hpp"
#include "memory_limit.hpp"
#include "memscale/core/error.hpp"
#include "memscale/experiment/job_file.hpp"
#include "memscale/experiment/job_parameters.hpp"
#include "temporary_folder.hpp"

using namespace memscale;

namespace {

const std::string seed_job = R"(# a job that uses every key
[problem]
model = gaussian
items = 2000
kappa = 0, 0.5
[grid]
d = 16, 32:16:64   # three
alpha = 1.25:0.25:2
optimizer = gd, muon, newton
seed = 1:4
batch = inf
[train]
steps = 1
eta = 1, 2*sqrt(d)
gradient = exact
[muon]
orthogonalizer = svd, newton-schulz, regularized
ns-steps = 5, 8
ns-coefficients = jordan, polar-express
ns-lower = 1e-3
lambda = auto, 0.1
[newton]
ridge = 1e-8
[run]
on-error = continue
)";

/// A few edits: digits or bytes changed, bytes inserted, pieces removed or copied elsewhere, the end cut off.
/// std::mt19937_64 is the same everywhere (the distributions are not, so the remainder is taken).
std::string mutated(std::string text, std::mt19937_64& random) {
  const std::string alphabet = "[]=#:,.\n\r\t -+*()eainfdsqrt0123456789\"'\\\x01\x7f\xff\xc3";
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % std::max<std::size_t>(n, 1)); };
  for (std::size_t edits = 1 + below(4); edits > 0; --edits) {
    const std::size_t at = below(text.size());
    const std::size_t digit = text.find_first_of("0123456789", at);
    switch (below(12)) {
      case 0:
        if (!text.empty()) text[at] = alphabet[below(alphabet.size())];
        break;
      case 1:
        text.insert(at, 1, alphabet[below(alphabet.size())]);
        break;
      case 2:
        text.erase(at, 1 + below(12));
        break;
      case 3:
        text.insert(at, text.substr(below(text.size()), below(40)));
        break;
      case 4:
        text.resize(below(text.size() + 1));
        break;
      default:
        if (digit != std::string::npos) text[digit] = static_cast<char>('0' + below(10));
    }
  }
  return text;
}

double size_of(const Grid& grid) {
  double size = static_cast<double>(grid.optimizers.size());
  for (const Axis& axis : grid.common) size *= static_cast<double>(axis.size);
  for (const auto& [optimizer, axes] : grid.own)
    for (const Axis& axis : axes) size *= static_cast<double>(axis.size);
  return size;
}

/// What a job may take: of the longest lists that are allowed a few of eight bytes a value, and its trials.
constexpr std::size_t most_memory = std::size_t{64} << 20;

bool one_line(const std::string& message) {
  return !message.empty() && message.size() < 600 && message.find_first_of("\n\r") == std::string::npos;
}

}  // namespace

TEST_CASE("nothing but an InputError leaves the reader of job files, whatever the text") {
  std::mt19937_64 random(20240607);
  std::size_t read = 0, refused = 0;
  const int mutations = count_of(4000, 100'000);
  for (int i = 0; i < mutations; ++i) {
    const std::string text = mutated(seed_job, random);
    CAPTURE(text);
    const MemoryLimit limit(most_memory);
    try {
      const Grid grid = parse_grid(text, "fuzz.cfg", {});
      // A large grid is legal and slow: the limit on its size has its own test.
      const bool empty = size_of(grid) < 3000 && expand(grid).trials.empty();
      REQUIRE_FALSE(empty);
      const std::string parameters = job_parameters(text, {});
      REQUIRE(changed_parameters(parameters, parameters).empty());
      ++read;
    } catch (const InputError& error) {
      REQUIRE(one_line(error.what()));
      ++refused;
    }
  }
  // The mutations must reach both sides of the reader.
  CHECK(read > 400);
  CHECK(refused > 400);
  report("job files changed at random: " + std::to_string(read) + " read, " + std::to_string(refused) + " refused");
}

TEST_CASE("nothing but an InputError leaves the reader of flags, whatever they are") {
  std::mt19937_64 random(7);
  const std::vector<std::string> seeds{"--grid.d",  "64,128", "--grid.alpha=1.25:0.25:3", "--train.eta",
                                       "2*sqrt(d)", "--",     "--muon.lambda=auto",       "-x"};
  for (int i = 0; i < count_of(3000, 100'000); ++i) {
    std::vector<std::string> flags;
    for (std::size_t k = random() % 4 + 1; k > 0; --k) {
      const std::string& flag = seeds[random() % seeds.size()];
      flags.push_back(random() % 2 ? flag : mutated(flag, random));
    }
    CAPTURE(flags);
    const MemoryLimit limit(most_memory);
    try {
      parse_grid("[grid]\nd = 16\noptimizer = gd\n", "fuzz.cfg", flags);
    } catch (const InputError& error) {
      REQUIRE(one_line(error.what()));
    }
  }
}

TEST_CASE("parameters from a damaged store are compared, whatever they are") {
  std::mt19937_64 random(11);
  const std::string parameters = job_parameters(seed_job, {});
  std::size_t changed = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = mutated(parameters, random);
    CAPTURE(text);
    REQUIRE(changed_parameters(text, text).empty());
    changed += !changed_parameters(parameters, text).empty();
    changed += !changed_parameters(text, parameters).empty();
  }
  CHECK(changed > 100);
}

TEST_CASE("nothing but an InputError leaves the reader of files of any bytes") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "bytes.cfg";
  std::mt19937_64 random(99);
  for (int i = 0; i < count_of(200, 5'000); ++i) {
    std::string bytes(random() % 400, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % (i % 2 ? 256 : 96) + (i % 2 ? 0 : 32));
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    const MemoryLimit limit(most_memory);
    try {
      read_job(file, {});
      FAIL("random bytes made a job");
    } catch (const InputError& error) {
      REQUIRE(one_line(error.what()));
    }
  }
}

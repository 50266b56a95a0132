#include "workspace.hpp"

#include <chrono>
#include <cmath>

#include "memscale/experiment/trial_groups.hpp"
#include "memscale/model/frequencies.hpp"
#include "memscale/model/gradient.hpp"
#include "memscale/model/weighted_product.hpp"

namespace memscale {

namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

PhaseTimer::PhaseTimer(double& seconds) : seconds_(seconds), start_(now()) {}

PhaseTimer::~PhaseTimer() {
  seconds_ += now() - start_;
}

Workspace::Workspace(int threads) : team_(std::make_unique<ThreadTeam>(threads)), cache_(std::make_unique<Cache>()) {}
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

void Workspace::clear() {
  *cache_ = Cache{};
}

void provide_embeddings(const Trial& t, Workspace& workspace) {
  Workspace::Cache& cache = workspace.cache();
  if (cache.bundle == bundle_key(t)) return;
  workspace.clear();  // frees the old embeddings before the new ones are made
  ThreadTeam& team = workspace.team();
  cache.memory = make_gaussian_memory(t.d, t.items, t.kappa, static_cast<std::uint64_t>(t.seed), team);
  cache.competitors = Competitors(cache.memory, team);
  cache.output_mean = column_means(cache.memory.u, team);
  cache.bundle = bundle_key(t);
}

void provide_task_basis(const Trial& t, Workspace& workspace) {
  Workspace::Cache& cache = workspace.cache();
  if (cache.bundle != bundle_key(t)) {
    workspace.clear();
    cache.basis.emplace(t.task_basis, t.d, static_cast<std::uint64_t>(t.seed));
    cache.bundle = bundle_key(t);
  }
  cache.p = groups_of(t).item_frequencies();
}

void provide_frequencies(const Trial& t, Workspace& workspace) {
  Workspace::Cache& cache = workspace.cache();
  if (cache.alpha == t.alpha) return;
  cache.alpha.reset();
  cache.batch.reset();
  cache.p = zipf_frequencies(t.items, t.alpha);
  cache.alpha = t.alpha;
}

void provide_first_step(const Trial& t, Workspace& workspace) {
  Workspace::Cache& cache = workspace.cache();
  if (cache.batch == t.batch) return;
  cache.batch.reset();
  cache.first = FirstStep{};
  cache.first.batch = std::isinf(t.batch) ? population_batch(cache.p)
                                          : draw_batch(cache.p, t.batch, static_cast<std::uint64_t>(t.seed), t.d, 1);
  cache.first.gradient = gradient_at_zero(cache.memory, cache.output_mean, cache.first.batch, workspace.team());
  cache.batch = t.batch;
}

}  // namespace memscale

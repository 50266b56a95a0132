#include "memscale/commands/trial_facts.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "memscale/analysis/theory.hpp"
#include "memscale/commands/job_costs.hpp"
#include "memscale/commands/store_report.hpp"
#include "memscale/commands/time_text.hpp"
#include "memscale/commands/trial_text.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"
#include "memscale/schedule/memory_model.hpp"

namespace memscale {

namespace {

std::string count_text(std::size_t count, const std::string& noun) {
  return std::to_string(count) + ' ' + noun + (count == 1 ? "" : "s");
}

/// Lines "name: text".
class Lines {
 public:
  void add(const std::string& name, const std::string& text) { text_ += name + ": " + text + '\n'; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string parameters_text(const TrialFacts& facts) {
  const std::set<std::string_view> varying = varying_fields(facts.siblings.trials);
  const std::string first = fields_text(facts.trial, varying), others = other_fields_text(facts.trial, varying);
  return first.empty() ? others : first + ", and " + others;
}

std::string result_text(const Result& result) {
  std::string text = "capacity " + to_text(result.capacity) + ", prefix " + to_text(result.prefix) + ", accuracy " +
                     brief_text(result.accuracy);
  if (!std::isnan(result.loss)) text += ", loss " + brief_text(result.loss);
  return text + ", after " + count_text(static_cast<std::size_t>(result.steps_done), "step");
}

std::string ran_text(const Cost& cost) {
  return time_text(cost.started) + ", on rank " + to_text(cost.rank) + " of " + printable(cost.host) + ", " +
         seconds_text(cost.seconds) + " with " + count_text(static_cast<std::size_t>(cost.threads), "thread") + ", " +
         size_text(cost.peak_memory) + " at most";
}

/// By phase, against what the store's other trials let expect.
std::string cost_text(const TrialFacts& facts) {
  const Cost& cost = facts.record->cost;
  const CostModel model = learn_records(facts.store->view.source, static_cast<int>(cost.threads), facts.id);
  std::string text = "embeddings " + seconds_text(cost.seconds_embeddings);
  text += ", gradient " + seconds_text(cost.seconds_gradient) + ", update " + seconds_text(cost.seconds_update);
  text += ", capacity " + seconds_text(cost.seconds_capacity) + ", measures " + seconds_text(cost.seconds_measures);
  if (model.learnt() == 0) return text;
  const CostModel::Seconds expected = model.phases(facts.trial);
  return text + "; expected by " + count_text(model.learnt(), "other trial") + ": " + seconds_text(expected.total()) +
         " in all, of which embeddings " + seconds_text(expected.embeddings) + " and the first gradient " +
         seconds_text(expected.first_gradient) + " unless another trial left them";
}

void add_record(Lines& lines, const TrialFacts& facts) {
  const Record& record = *facts.record;
  const Result& result = record.result;
  switch (result.status) {
    case TrialStatus::ok:
      lines.add("state", "done");
      break;
    case TrialStatus::diverged:
      lines.add("state", "diverged at step " + to_text(result.diverged_step));
      break;
    case TrialStatus::failed:
      lines.add("state", "failed, to be tried again by the next run: " + single_line(record.message));
      break;
  }
  if (result.status != TrialStatus::failed) lines.add("result", result_text(result));
  lines.add("ran", ran_text(record.cost));
  if (result.status != TrialStatus::failed) lines.add("cost", cost_text(facts));
}

/// Of a trial that a run has at work, or had when it died.
const RunningTrial* find_running(const StoreReport& report, std::uint64_t id) {
  if (!report.state) return nullptr;
  const auto& trials = report.state->trials;
  const auto found = std::find_if(trials.begin(), trials.end(), [&](const RunningTrial& t) { return t.id == id; });
  return found == trials.end() ? nullptr : &*found;
}

std::string pending_text(const TrialFacts& facts, const StoreReport& report, double now) {
  const RunningTrial* running = find_running(report, facts.id);
  const RunPhase phase = phase_of(report, now);
  const std::string again = facts.store->view.provenance.command_line.empty()
                                ? "run its job again"
                                : "run again: " + single_line(facts.store->view.provenance.command_line);
  if (running && (phase == RunPhase::at_work || phase == RunPhase::silent))
    return "running on rank " + to_text(running->rank) + ", since " + time_text(running->since) + ", for " +
           span_text(report.state->updated - running->since) + " of about " + seconds_text(running->expected_seconds);
  if (phase == RunPhase::at_work) return "pending, or begun a moment ago; a run is at work";
  if (running && phase == RunPhase::died)
    return "pending: rank " + to_text(running->rank) + " had it at work when the run died; " + again;
  return "pending, and no run is at work; " + again;
}

/// What it will take.
void add_expectation(Lines& lines, const TrialFacts& facts, int threads) {
  const JobCosts costs = costs_of({facts.trial}, facts.store ? &facts.store->view.source : nullptr, threads);
  const CostModel::Seconds seconds = costs.model.phases(facts.trial);
  lines.add("expected", "about " + seconds_text(seconds.total()) + ", of which embeddings " +
                            seconds_text(seconds.embeddings) + " (" + costs.basis + "), and " +
                            size_text(estimate_memory(facts.trial, threads)) + " of memory");
}

/// Those that share its embeddings.
std::string bundle_text(const TrialFacts& facts) {
  std::unordered_map<std::uint64_t, bool> is_done;
  if (facts.store)
    for (const IndexEntry& entry : facts.store->view.source.entries) is_done.emplace(entry.id, entry.is_finished());
  const std::uint64_t key = bundle_key(facts.trial);
  std::size_t others = 0, done = 0;
  for (std::size_t i = 0; i < facts.siblings.ids.size(); ++i) {
    if (facts.siblings.ids[i] == facts.id || bundle_key(facts.siblings.trials[i]) != key) continue;
    ++others;
    const auto found = is_done.find(facts.siblings.ids[i]);
    done += found != is_done.end() && found->second;
  }
  const bool orthogonal = facts.trial.model == ModelKind::orthogonal;
  if (others == 0)
    return std::string("no other trial of the job shares its ") + (orthogonal ? "task basis" : "embeddings");
  const std::string serve =
      std::string(orthogonal ? "its task basis (d, seed) serves " : "its embeddings (d, items, kappa, seed) serve ") +
      count_text(others, "other trial") + " of the job";
  return facts.store ? serve + ", " + std::to_string(done) + " of which " + (done == 1 ? "is" : "are") + " done"
                     : serve;
}

std::string theory_text(const Trial& trial) {
  const auto exponent = predicted_exponent(trial);
  if (!exponent) return "no prediction for this setting";
  std::string text = "capacity ~ d^" + brief_text(*exponent) + " up to logarithms";
  if (const auto law = predicted_law(trial); trial.steps == 1 && law && law->c2 == 0.5)
    text += law->c1 == 0 ? " (exponent 1/(2 alpha))" : " (exponent 1 + 1/(2 alpha))";
  return text;
}

}  // namespace

std::string facts_text(const TrialFacts& facts, double now) {
  Lines lines;
  lines.add("trial", to_hex(facts.id));
  lines.add("parameters", parameters_text(facts));
  lines.add("job", facts.job.empty()
                       ? "none that this version can read; rounds of seeds (target-ci) add trials to their job's"
                       : facts.job);
  if (facts.record) {
    add_record(lines, facts);
  } else {
    int threads = 1;
    if (facts.store) {
      const StoreReport report = report_on(facts.store->path);
      lines.add("state", pending_text(facts, report, now));
      if (report.state) threads = static_cast<int>(std::clamp<std::int64_t>(report.state->threads, 1, 1024));
    } else {
      lines.add("state", "given by the job; its store says whether it was run");
    }
    add_expectation(lines, facts, threads);
  }
  if (!facts.job.empty()) lines.add("bundle", bundle_text(facts));
  lines.add("theory", theory_text(facts.trial));
  if (facts.record)
    lines.add("replay", "memscale replay " + to_hex(facts.id) + ' ' + single_line(facts.store->path.string()));
  return lines.text();
}

}  // namespace memscale

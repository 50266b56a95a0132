#include "memscale/analysis/analysis.hpp"

#include <set>

#include "memscale/core/error.hpp"
#include "memscale/core/text.hpp"

namespace memscale {

std::vector<std::string> Analysis::notes() const {
  std::vector<std::string> all = data.notes;
  const std::vector<std::string> of_laws = laws.notes();
  all.insert(all.end(), of_laws.begin(), of_laws.end());
  return all;
}

std::string Analysis::seeds_text() const {
  std::set<std::int64_t> seeds;
  const std::vector<std::int64_t>* last = nullptr;  // cells of a sweep have the same ones
  for (const Family& family : data.families)
    for (const Series& series : family.series)
      for (const Cell& cell : series.cells) {
        if (!last || *last != cell.seeds) seeds.insert(cell.seeds.begin(), cell.seeds.end());
        last = &cell.seeds;
      }
  for (const auto& run : data.orthogonal)
    if (run->trial.task_basis == TaskBasisKind::haar) seeds.insert(run->trial.seed);  // others have none
  std::string text;
  for (auto at = seeds.begin(); at != seeds.end();) {
    const std::int64_t low = *at;
    std::int64_t high = low;
    for (++at; at != seeds.end() && *at == high + 1; ++at) high = *at;
    text.append(text.empty() ? "" : ", ").append(to_text(low));
    if (high > low) text.append("-").append(to_text(high));
  }
  return text;
}

void AnalysisInput::add(const Record& record) {
  cells_.add(record);
  cost_.add(record);
  timeline_.add(record);
}

Analysis AnalysisInput::finish(FitSource source, const FitOptions& options) {
  Analysis found;
  found.source = std::move(source);
  found.data = cells_.finish();
  found.cost = cost_.summary();
  found.timeline = std::move(timeline_);
  if (found.data.finished == 0)
    throw invalid("store", found.source.paths(),
                  "no finished trials" + (found.data.failed > 0 ? ", " + to_text(found.data.failed) + " failed" : ""));
  found.laws = fit_laws(found.data, options);
  found.rows = law_rows(found.laws);
  return found;
}

Analysis analyse(const std::vector<Record>& records, FitSource source, const FitOptions& options) {
  AnalysisInput input;
  for (const Record& record : records) input.add(record);
  return input.finish(std::move(source), options);
}

}  // namespace memscale

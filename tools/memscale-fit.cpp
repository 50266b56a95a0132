#include <boost/program_options.hpp>
#include <cmath>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "memscale/analysis/analysis.hpp"
#include "memscale/analysis/write_fit.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/launcher.hpp"
#include "memscale/core/standard_streams.hpp"
#include "memscale/core/text.hpp"
#include "memscale/core/thread_team.hpp"
#include "memscale/store/column_file.hpp"
#include "memscale/store/merge_stores.hpp"
#include "memscale/store/store_view.hpp"

namespace {

namespace options = boost::program_options;
namespace fs = std::filesystem;

constexpr const char* usage =
    "Usage: memscale-fit STORE... [-o DIR] [OPTION ...]\n"
    "Fits scaling laws to the finished trials of one store or several (a trial that several hold counts once), with\n"
    "95 % intervals over seeds and verdicts on theory, prints the tables and writes report.html, figures (SVG, PDF),\n"
    "CSV files, fit.json and fits.h5 to DIR.\n";

/// "sweep/fig2.h5" -> "sweep/fig2.fit"
fs::path default_folder(fs::path store) {
  if (!store.has_filename()) store = store.parent_path();
  return store.extension() == ".h5" ? store.replace_extension(".fit") : store.concat(".fit");
}

fs::path folder_of(const std::vector<std::string>& stores, const options::variables_map& given) {
  if (given.count("output") > 0) return given["output"].as<std::string>();
  if (stores.size() > 1) throw memscale::InputError("several stores have no default folder: give -o DIR");
  return default_folder(stores.front());
}

memscale::FitOptions fit_options(const options::variables_map& given) {
  memscale::FitOptions found;
  found.threads = memscale::available_cores();
  if (given.count("min-seeds") > 0) {
    const std::string text = given["min-seeds"].as<std::string>();
    found.min_seeds = memscale::parse_integer("min-seeds", text);
    if (found.min_seeds < 1) throw memscale::invalid("min-seeds", text, "must be at least 1");
  }
  if (given.count("min-capacity") > 0) {
    const std::string text = given["min-capacity"].as<std::string>();
    found.min_capacity = memscale::parse_double("min-capacity", text);
    if (!(found.min_capacity >= 0 && std::isfinite(found.min_capacity)))
      throw memscale::invalid("min-capacity", text, "must be a number of items, from 0");
  }
  return found;
}

/// Opens the stores. What a killed run left unfinished is told.
std::vector<memscale::MergeInput> open_stores(const std::vector<std::string>& stores) {
  std::vector<memscale::MergeInput> inputs;
  for (const std::string& store : stores) {
    inputs.push_back({store, memscale::open_store(store)});
    const std::string prefix = stores.size() > 1 ? store + ": " : "";
    for (const std::string& note : inputs.back().view.notes)
      std::cerr << "memscale-fit: note: " << prefix << note << '\n';
  }
  return inputs;
}

memscale::FitSource source_of(const std::vector<memscale::MergeInput>& inputs) {
  memscale::FitSource source;
  for (const memscale::MergeInput& input : inputs) {
    const memscale::Provenance& from = input.view.provenance;
    source.stores.push_back({input.path.string(), from.version(), from.job_text(), from.command_line});
  }
  return source;
}

int fit(const std::vector<std::string>& stores, const memscale::FitOptions& fit_options,
        const memscale::FitOutput& output) {
  const std::vector<memscale::MergeInput> inputs = open_stores(stores);
  memscale::AnalysisInput analysis;
  const auto add = [&](const memscale::Record& record, const memscale::IndexEntry&) { analysis.add(record); };
  if (inputs.size() == 1)
    inputs.front().view.source.for_each_read_ahead(add);
  else
    memscale::unite_stores(inputs).source.for_each_read_ahead(add);
  memscale::write_fit(analysis.finish(source_of(inputs), fit_options), output, std::cout, std::cerr);
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("standard output cannot be written");
  return memscale::exit_done;
}

int run(int argc, char** argv) {
  options::options_description shown("Options");
  const auto text = [](const char* name) { return options::value<std::string>()->value_name(name); };
  auto add = shown.add_options();
  add("output,o", text("DIR"), "folder for the results (default: STORE without .h5, and .fit)");
  add("min-seeds", text("N"),
      "leave out cells with fewer finished seeds, where others of their series have as many (default: 2)");
  add("min-capacity", text("K"), "leave out cells whose mean capacity is below this (default: 1)");
  add("no-figures", "draw nothing, which saves some seconds");
  add("help,h", "show this text");
  add("version", "show the version");
  options::options_description all;
  all.add(shown).add_options()("store", options::value<std::vector<std::string>>());
  options::positional_options_description positional;
  positional.add("store", -1);
  options::variables_map given;
  options::store(options::command_line_parser(argc, argv).options(all).positional(positional).run(), given);
  options::notify(given);

  if (given.count("help") > 0) {
    std::cout << usage << "\n" << shown;
    return memscale::exit_done;
  }
  if (given.count("version") > 0) {
    std::cout << "memscale-fit " << MEMSCALE_VERSION << "\n";
    return memscale::exit_done;
  }
  if (given.count("store") == 0) throw memscale::InputError("no STORE given (see memscale-fit --help)");
  const auto stores = given["store"].as<std::vector<std::string>>();
  const memscale::FitOptions fit_by = fit_options(given);
  memscale::FitOutput output;
  output.folder = folder_of(stores, given);
  output.draws = given.count("no-figures") == 0;
  output.write_columns = [](const fs::path& path, const std::vector<memscale::DataTable>& tables) {
    memscale::write_column_file(path, {{"program", std::string("memscale-fit ") + MEMSCALE_VERSION}}, tables);
  };
  memscale::require_fit_folder(output.folder);  // before millions of records are read
  return fit(stores, fit_by, output);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    memscale::open_standard_streams();
    if (!memscale::is_first_rank()) return memscale::exit_done;  // under mpirun, one does it
    return run(argc, argv);
  } catch (const memscale::InputError& error) {
    std::cerr << "memscale-fit: " << error.what() << "\n";
    return memscale::exit_bad_input;
  } catch (const options::error& error) {
    std::cerr << "memscale-fit: " << memscale::single_line(error.what()) << "\n";
    return memscale::exit_bad_input;
  } catch (const std::exception& error) {
    std::cerr << "memscale-fit: " << memscale::single_line(error.what()) << "\n";
    return memscale::exit_failures;
  }
}

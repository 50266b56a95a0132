#include <boost/program_options.hpp>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include "memscale/analysis/write_fit.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/core/launcher.hpp"
#include "memscale/core/standard_streams.hpp"
#include "memscale/store/store_view.hpp"

namespace {

namespace options = boost::program_options;

constexpr const char* usage =
    "Usage: memscale-fit STORE [-o DIR]\n"
    "Fits capacity ~ d^C and C = c1 + c2 / alpha to a store's finished trials, with 95 % intervals over seeds, prints\n"
    "the tables and writes report.html, figures (SVG, PDF), CSV files and fit.json to DIR.\n";

/// "sweep/fig2.h5" -> "sweep/fig2.fit"
std::filesystem::path default_folder(std::filesystem::path store) {
  if (!store.has_filename()) store = store.parent_path();
  return store.extension() == ".h5" ? store.replace_extension(".fit") : store.concat(".fit");
}

int fit(const std::string& store, const std::filesystem::path& folder) {
  const memscale::StoreContents contents = memscale::read_store(store);
  for (const std::string& note : contents.notes) std::cerr << "memscale-fit: note: " << note << '\n';
  const memscale::FitSource source{store, contents.provenance.version(), contents.provenance.job_text(),
                                   contents.provenance.command_line};
  memscale::write_fit(contents.records, source, folder, std::cout, std::cerr);
  std::cout.flush();
  if (!std::cout) throw std::runtime_error("standard output cannot be written");
  return memscale::exit_done;
}

int run(int argc, char** argv) {
  options::options_description shown("Options");
  shown.add_options()("output,o", options::value<std::string>()->value_name("DIR"),
                      "folder for the results (default: STORE without .h5, and .fit)")("help,h", "show this text")(
      "version", "show the version");
  options::options_description all;
  all.add(shown).add_options()("store", options::value<std::string>());
  options::positional_options_description positional;
  positional.add("store", 1);
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
  const std::string store = given["store"].as<std::string>();
  const std::filesystem::path folder =
      given.count("output") > 0 ? std::filesystem::path(given["output"].as<std::string>()) : default_folder(store);
  return fit(store, folder);
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

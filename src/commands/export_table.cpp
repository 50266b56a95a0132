#include "memscale/commands/export_table.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "memscale/commands/csv_tables.hpp"
#include "memscale/commands/say.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/store/new_file.hpp"

namespace memscale {

namespace po = boost::program_options;

namespace {

void write_file(const StoreView& store, CsvTable table, const std::string& name) {
  NewFile file("output", name);
  CsvWriter out(file.file(), name);
  write_table(store, table, out);
  file.publish();
}

/// A reader that has seen enough (`| head`) is no failure.
void write_standard_output(const StoreView& store, CsvTable table) {
  const char* name = "standard output";
  const FileDescriptor file(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0));
  if (!file) throw_system_error(errno, "use", name);
  CsvWriter out(file, name);
  try {
    write_table(store, table, out);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::broken_pipe) throw;
  }
}

}  // namespace

int export_table(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("csv", "as CSV (RFC 4180), the one format there is")(
      "output,o", po::value<std::string>()->value_name("FILE"), "a new file, in place of standard output")(
      "table", po::value<std::string>()->value_name("NAME")->default_value("trials"),
      (joined_names<CsvTable>() +
       "; traces have a row a step, recall a row a bin of ranks, groups a row a step and bin of groups")
          .c_str());
  VerbOptions options(export_verb, flags, {"store"});
  options.parse(arguments);
  if (options.helped("Writes a table of STORE, a run at work on it or not. Numbers read back as they are: in pandas "
                     "with\npd.read_csv(FILE, float_precision=\"round_trip\").\n"))
    return exit_done;
  const std::string store = options.required("store", "STORE");
  if (!options.has("csv")) options.refuse("missing --csv");
  const auto table = parse_enum<CsvTable>("table", options.text("table"));
  const StoreView view = open_store(store);
  for (const std::string& note : view.notes) say(note);
  if (options.has("output"))
    write_file(view, table, options.text("output"));
  else
    write_standard_output(view, table);
  return exit_done;
}

}  // namespace memscale

#include "memscale/commands/merge.hpp"

#include <cstdio>

#include "memscale/commands/say.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/store/merge_stores.hpp"

namespace memscale {

namespace po = boost::program_options;

namespace {

/// "merged 2 stores: 384 trials (300 + 100, 16 in both)"
std::string summary(const std::vector<MergeInput>& inputs, const MergedStores& merged) {
  std::string text = "merged " + std::to_string(inputs.size()) + (inputs.size() == 1 ? " store: " : " stores: ") +
                     std::to_string(merged.source.entries.size()) + " trials";
  if (inputs.size() == 1) return text;
  for (const MergeInput& input : inputs)
    text.append(&input == &inputs.front() ? " (" : " + ").append(std::to_string(input.view.source.entries.size()));
  return text + ", " + std::to_string(merged.in_several) + (inputs.size() == 2 ? " in both)" : " in more than one)");
}

}  // namespace

int merge(const std::vector<std::string>& arguments) {
  po::options_description flags("options");
  flags.add_options()("output,o", po::value<std::string>()->value_name("NEW"),
                      "the store to make: no file may be there")(
      "force", "also where the stores' jobs differ in what they fixed: both stay, and the difference is recorded");
  VerbOptions options(merge_verb, flags, {"stores..."});
  options.parse(arguments);
  if (options.helped("Makes one store of all trials of several. A finished result wins over a failed one; two finished "
                     "ones\nmust be the same, or nothing is written. Stores of killed runs and of earlier formats are "
                     "read as they are:\nof a single one, this makes a store of the present format.\n"))
    return exit_done;
  const std::vector<std::string> names = options.list("stores");
  if (names.empty()) options.refuse("missing STORE");
  const std::string output = options.required("output", "-o NEW");

  require_no_store(output);
  std::vector<MergeInput> inputs;
  for (const std::string& name : names) {
    inputs.push_back({name, open_store(name)});
    for (const std::string& note : inputs.back().view.notes) say(name + ": " + note);
  }
  MergedStores merged = merge_stores(inputs, options.has("force") ? OtherJobs::accepted : OtherJobs::refused);
  merged.provenance.command_line = "memscale merge";
  for (const std::string& argument : arguments) merged.provenance.command_line += ' ' + argument;
  write_new_store(output, merged.provenance, merged.source);
  std::printf("%s\n", summary(inputs, merged).c_str());
  return exit_done;
}

}  // namespace memscale

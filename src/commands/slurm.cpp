#include "memscale/commands/slurm.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "memscale/commands/batch_script.hpp"
#include "memscale/commands/job_flags.hpp"
#include "memscale/commands/run_options.hpp"
#include "memscale/commands/submit_script.hpp"
#include "memscale/commands/verb_options.hpp"
#include "memscale/core/error.hpp"
#include "memscale/core/exit_status.hpp"
#include "memscale/experiment/job_file.hpp"

namespace memscale {

namespace po = boost::program_options;

namespace {

constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// The flags after `slurm`, by whom they are for.
struct Arguments {
  std::vector<std::string> own;
  std::vector<std::string> job;  ///< --section.key value
  std::vector<std::string> run;  ///< what follows "--"
};

Arguments take_apart(const std::vector<std::string>& arguments) {
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  Arguments parts{.own = {arguments.begin(), end}, .job = {}, .run = {}};
  if (end != arguments.end()) parts.run.assign(end + 1, arguments.end());
  parts.job = take_job_flags(parts.own);
  return parts;
}

po::options_description flags() {
  const auto text = [](const char* name) { return po::value<std::string>()->value_name(name); };
  po::options_description flags("options");
  flags.add_options()("output,o", text("STORE"), "where the results go (default: JOB's name with .h5, in this folder)")(
      "dry-run", "prints the script for sbatch, and submits nothing")("nodes", text("N"), "nodes (default 1)")(
      "ranks", text("N"), "ranks on all nodes together (default: all cores of the nodes, which nobody shares then)")(
      "threads", text("N"), "threads of each rank, a core each (default 1)")("time", text("T"),
                                                                             "time limit, as 30 or 2-00:00:00")(
      "partition", text("P"), "partition, or several with commas")("account", text("A"), "who pays")(
      "memory-per-cpu", text("M"), "memory for each core, as 2G")(
      "extra", po::value<std::vector<std::string>>()->value_name("LINE"),
      "a further line for sbatch, \"#SBATCH --qos=long\"; may be given again")(
      "self-requeue", "the script itself requeues the job while work is left: for sites without RequeueExit=75");
  return flags;
}

/// Refuses what no line of a script can hold, or would hide.
const std::string& in_a_line(std::string_view key, const std::string& text) {
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  if (std::any_of(text.begin(), text.end(), is_control))
    throw invalid(key, text, "must not hold a newline or another control character");
  return text;
}

/// An option's value that is a word of these characters, as all are that SLURM takes; empty if it was not given.
std::string word(const VerbOptions& options, const std::string& option, std::string_view others, std::string_view why) {
  if (!options.has(option)) return "";
  const std::string text = options.text(option);
  const std::string allowed = std::string(letters_and_digits).append(others);
  if (text.empty() || text.front() == '-' || text.find_first_not_of(allowed) != std::string::npos)
    throw invalid(option, text, why);
  return text;
}

std::vector<std::string> extra_lines(const VerbOptions& options) {
  std::vector<std::string> lines = options.list("extra");
  for (const std::string& line : lines)
    if (!in_a_line("extra", line).starts_with("#SBATCH --")) throw invalid("extra", line, "must begin with #SBATCH --");
  return lines;
}

/// "fig2" for "jobs/fig2.cfg"; what SLURM would not take for a word is replaced.
std::string name_of(const std::filesystem::path& job) {
  std::string name = job.stem();
  for (char& c : name)
    if (letters_and_digits.find(c) == std::string_view::npos && c != '.' && c != '-') c = '_';
  return name.starts_with('-') ? "job" + name : name;
}

/// What each rank runs; `run` parses its arguments, so that nothing is submitted that it would refuse.
std::vector<std::string> command_of(const VerbOptions& options, const Arguments& arguments, std::int64_t threads) {
  const std::filesystem::path job = in_a_line("job", options.required("job", "JOB"));
  const std::filesystem::path store =
      options.has("output") ? std::filesystem::path(in_a_line("output", options.required("output", "-o STORE")))
                            : job.filename().replace_extension(".h5");
  std::vector<std::string> words{std::filesystem::absolute(job), "-o", std::filesystem::absolute(store)};
  if (threads > 1) words.insert(words.end(), {"--threads", std::to_string(threads)});
  for (const auto* flags : {&arguments.job, &arguments.run})
    for (const std::string& flag : *flags) words.push_back(in_a_line("flag", flag));

  const RunOptions run = parse_run_options(words);
  read_job(run.job, run.job_flags);
  if (!std::filesystem::is_directory(run.store.parent_path()))
    throw invalid("output", run.store.native(), "its folder does not exist");
  words.insert(words.begin(), {std::filesystem::read_symlink("/proc/self/exe"), "run"});
  return words;
}

BatchJob batch_job(const VerbOptions& options, const Arguments& arguments) {
  constexpr std::int64_t most = 1'000'000;
  BatchJob job;
  job.nodes = options.integer("nodes", 1, 1, most);
  job.ranks = options.integer("ranks", 0, job.nodes, most);
  job.threads = options.integer("threads", 1, 1, 1024);
  job.time = word(options, "time", "-:", "must be a time as 30, 12:00:00 or 2-00:00:00");
  job.partition = word(options, "partition", "_-.,+@", "must be a name, or several with commas");
  job.account = word(options, "account", "_-.+@", "must be a name");
  job.memory_per_cpu = word(options, "memory-per-cpu", "", "must be a size as 2000M or 2G");
  job.extra = extra_lines(options);
  job.self_requeue = options.has("self-requeue");
  job.until_end = std::none_of(arguments.job.begin(), arguments.job.end(),
                               [](const std::string& flag) { return flag.starts_with("--run.walltime"); });
  job.command = command_of(options, arguments, job.threads);
  job.name = name_of(options.text("job"));
  return job;
}

}  // namespace

int slurm(const std::vector<std::string>& arguments) {
  const Arguments parts = take_apart(arguments);
  VerbOptions options(slurm_verb, flags(), {"job"});
  options.parse(parts.own);
  if (options.helped("Submits `memscale run JOB -o STORE` to SLURM through sbatch. Flags of JOB win over it, as "
                     "--grid.d 64,128; flags\nafter -- go to run, as in: memscale slurm JOB -o STORE -- --force\n\n"
                     "Before the time limit the run ends in order with status 75: a site with RequeueExit=75 runs it "
                     "again until the\nstore is complete; elsewhere say --self-requeue, or submit it again.\n"))
    return exit_done;
  const std::string script = batch_script(batch_job(options, parts));
  if (options.has("dry-run"))
    std::fputs(script.c_str(), stdout);
  else
    submit_script(script);
  return exit_done;
}

}  // namespace memscale

#include "memscale/commands/batch_script.hpp"

#include "catch.hpp"
#include "store/store_fixture.hpp"

using namespace memscale;

namespace {

BatchJob plain_job() {
  BatchJob job;
  job.name = "fig2";
  job.command = {"/bin/memscale", "run", "/a/fig2.cfg", "-o", "/a/fig2.h5"};
  return job;
}

bool ends_with_line(const std::string& text, const std::string& line) {
  return text.ends_with('\n' + line + '\n');
}

}  // namespace

TEST_CASE("words are quoted where a shell would not read them as they are") {
  for (const char* plain : {"fig2.cfg", "/a/b-c_d", "--grid.d=64,128", "1.25:0.25:3", "a+b@c%d"})
    CHECK(shell_quoted(plain) == plain);
  CHECK(shell_quoted("") == "''");
  CHECK(shell_quoted("a b") == "'a b'");
  CHECK(shell_quoted("it's") == "'it'\\''s'");
  for (const char* word :
       {"$(a)", "`a`", "a;b", "a&b", "a\\b", "\"a\"", "~", "*", "#a", "!a", "a|b", "<a", "(a)", "{a,b}"})
    CHECK(shell_quoted(word) == "'" + std::string(word) + "'");
}

TEST_CASE("without a number of ranks whole nodes are asked for") {
  const std::string text = batch_script(plain_job());
  CHECK(text.starts_with("#!/bin/bash\n#SBATCH --job-name=fig2\n#SBATCH --nodes=1\n#SBATCH --exclusive\n"));
  CHECK(contains(text, "#SBATCH --mem=0\n"));
  CHECK(contains(text, "#SBATCH --signal=B:USR1@120\n"));
  CHECK_FALSE(contains(text, "--ntasks"));
  for (const char* option : {"--time=", "--partition=", "--account=", "--mem-per-cpu="})
    CHECK_FALSE(contains(text, option));
  CHECK(ends_with_line(text,
                       "exec mpirun -q /bin/memscale run /a/fig2.cfg -o /a/fig2.h5 "
                       "${SLURM_JOB_END_TIME:+--walltime slurm}"));
}

TEST_CASE("a run with a time of its own is not told when the job ends") {
  BatchJob job = plain_job();
  job.until_end = false;
  const std::string text = batch_script(job);
  CHECK_FALSE(contains(text, "SLURM_JOB_END_TIME"));
  CHECK(ends_with_line(text, "exec mpirun -q /bin/memscale run /a/fig2.cfg -o /a/fig2.h5"));
}

TEST_CASE("threads have a core each") {
  BatchJob job = plain_job();
  job.threads = 4;
  CHECK(contains(batch_script(job), "mpirun -q --map-by \"ppr:$((SLURM_CPUS_ON_NODE / 4)):node\" --bind-to none "));
  CHECK_FALSE(contains(batch_script(job), "cpus-per-task"));  // SLURM would take it for one task then
  job.ranks = 12;
  CHECK(contains(batch_script(job), "#SBATCH --ntasks=12\n#SBATCH --cpus-per-task=4\n"));
  CHECK(contains(batch_script(job), "mpirun -q --bind-to none /bin/memscale"));
  CHECK_FALSE(contains(batch_script(job), "--exclusive"));
}

TEST_CASE("all that sbatch is asked for stands before the first command") {
  BatchJob job = plain_job();
  job.nodes = 3;
  job.time = "2-00:00:00";
  job.partition = "long,short";
  job.account = "physics";
  job.memory_per_cpu = "2G";
  job.extra = {"#SBATCH --qos=low", "#SBATCH --mail-type=END"};
  const std::string text = batch_script(job);
  const std::string head = text.substr(0, text.find("\n\n") + 1);
  for (const char* line : {"--nodes=3", "--time=2-00:00:00", "--partition=long,short", "--account=physics",
                           "--mem-per-cpu=2G", "--qos=low", "--mail-type=END"})
    CHECK(contains(head, "\n#SBATCH " + std::string(line) + '\n'));
  CHECK_FALSE(contains(text, "--mem=0"));
  CHECK_FALSE(contains(text.substr(head.size()), "#SBATCH"));
}

TEST_CASE("a script that requeues itself waits for mpirun") {
  BatchJob job = plain_job();
  job.self_requeue = true;
  const std::string text = batch_script(job);
  CHECK(contains(text, "\nmpirun -q /bin/memscale run /a/fig2.cfg "));
  CHECK_FALSE(contains(text, "exec mpirun"));
  CHECK(contains(text, "scontrol requeue \"$SLURM_JOB_ID\""));
}

#include "memscale/commands/merge.hpp"

#include "captured_output.hpp"
#include "catch.hpp"
#include "memscale/core/error.hpp"

using namespace memscale;

TEST_CASE("merge says in one line what it made") {
  const TemporaryFolder folder;
  const std::vector<Record> records = make_records(30);
  const std::string a = (folder / "a.h5").string(), b = (folder / "b.h5").string(), c = (folder / "c.h5").string();
  write_store(a, {records.begin(), records.begin() + 20});
  write_store(b, {records.begin() + 16, records.end()});
  write_store(c, {records[0], records[18]});
  const auto made = [&](const std::vector<std::string>& stores, const std::string& name) {
    std::vector<std::string> arguments = stores;
    arguments.insert(arguments.end(), {"-o", (folder / name).string()});
    return captured([&] { return merge(arguments); }).out;
  };
  CHECK(made({a, b}, "ab.h5") == "merged 2 stores: 30 trials (20 + 14, 4 in both)\n");
  CHECK(made({a, b, c}, "abc.h5") == "merged 3 stores: 30 trials (20 + 14 + 2, 5 in more than one)\n");
  CHECK(made({a}, "copy.h5") == "merged 1 store: 20 trials\n");
  CHECK(same_records(read_store(folder / "abc.h5").records, sorted_by_id(records)));
  CHECK(read_store(folder / "copy.h5").provenance.command_line ==
        "memscale merge " + a + " -o " + (folder / "copy.h5").string());
}

TEST_CASE("a merge that is refused writes nothing") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(5);
  write_store(folder / "a.h5", records);
  records[3].result.capacity = 5;
  write_store(folder / "b.h5", records);
  const std::string a = (folder / "a.h5").string(), b = (folder / "b.h5").string(), c = (folder / "c.h5").string();
  CHECK(contains(message_of<InputError>([&] { merge({a, b, "-o", c}); }), "capacity is 1003 in "));
  CHECK(contains(message_of<InputError>([&] { merge({a, "-o", b}); }), "exists"));
  CHECK(contains(message_of<InputError>([&] { merge({a}); }), "missing -o NEW"));
  CHECK(contains(message_of<InputError>([&] { merge({"-o", c}); }), "missing STORE"));
  CHECK(contains(message_of<InputError>([&] { merge({c, "-o", (folder / "d.h5").string()}); }), "does not exist"));
  CHECK(names_in(folder.path()) == std::vector<std::string>{"a.h5", "b.h5"});
}

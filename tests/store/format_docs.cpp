// docs/store-format.md names every field, enum, dataset and attribute that there is, in its order.

#include <hdf5.h>

#include <string>
#include <type_traits>
#include <vector>

#include "../../src/store/legacy_fields.hpp"
#include "catch.hpp"
#include "memscale/core/text.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/provenance.hpp"
#include "store_fixture.hpp"

using namespace memscale;

namespace {

const std::string& document() {
  static const std::string text = file_bytes(std::filesystem::path(MEMSCALE_SOURCE_DIR) / "docs" / "store-format.md");
  REQUIRE_FALSE(text.empty());
  return text;
}

/// What stands between a heading and the next one.
std::string section(const std::string& heading) {
  const std::size_t begin = document().find("\n" + heading + "\n");
  INFO(heading);
  REQUIRE(begin != std::string::npos);
  return document().substr(begin, document().find("\n#", begin + 1) - begin);
}

template <class Value>
std::string type_name() {
  if constexpr (NamedEnum<Value>) return "enum";
  if constexpr (std::is_same_v<Value, double>) return "f64";
  if constexpr (std::is_same_v<Value, std::int64_t>) return "i64";
  if constexpr (std::is_same_v<Value, std::string>) return "text";
  return "list of f64";
}

/// The format that a field came with, where `earliest` had its part first.
template <class Part>
std::int64_t first_format(const char* name, std::int64_t earliest) {
  while (!is_stored<Part>(name, earliest)) ++earliest;
  return earliest;
}

template <class Part>
void check_fields(const std::string& heading, std::int64_t earliest) {
  const std::string text = section(heading);
  std::size_t at = 0;
  const Part sample;
  for_each_field(sample, [&](const char* name, const auto& value) {
    const std::string row = std::string("\n| `") + name + "` | " + type_name<std::remove_cvref_t<decltype(value)>>() +
                            " | " + to_text(first_format<Part>(name, earliest)) + " |";
    INFO(row);
    at = text.find(row, at);
    REQUIRE(at != std::string::npos);
  });
}

template <class Part>
void check_enums(const std::string& text) {
  const Part sample;
  for_each_field(sample, [&](const char* name, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (NamedEnum<Value>) {
      const std::string row = std::string("\n| `") + name + "` | " + joined_names<Value>() + " |\n";
      INFO(row);
      CHECK(contains(text, row));
    }
  });
}

/// Everything below the root: "trials/d".
std::vector<std::string> objects_in(hid_t file) {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5O_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  REQUIRE(H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, add, &names, H5O_INFO_BASIC) >= 0);
  return names;
}

std::vector<std::string> attributes_of(hid_t object) {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  hsize_t start = 0;
  REQUIRE(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, &start, add, &names) >= 0);
  return names;
}

}  // namespace

TEST_CASE("the document of the store's format has every field, with its type and first format, in order") {
  check_fields<Trial>("### Trial", 1);
  check_fields<Result>("### Result", 1);
  check_fields<Trace>("### Trace", first_format_with_traces);
  check_fields<Cost>("### Cost", 1);
  const std::string journal = section("## Journal");
  std::size_t at = 0;
  const JobEntry sample;
  for_each_field(sample, [&](const char* name, const auto& value) {
    at = journal.find(std::string("\n| `") + name + "` | " + type_name<std::remove_cvref_t<decltype(value)>>(), at);
    INFO(name);
    REQUIRE(at != std::string::npos);
  });
}

TEST_CASE("the document of the store's format has every enum's names by code") {
  const std::string text = section("### Enums");
  check_enums<Trial>(text);
  check_enums<Result>(text);
}

TEST_CASE("the document of the store's format has every dataset and attribute of a snapshot") {
  const TemporaryFolder folder;
  std::vector<Record> records = make_records(20);
  records.push_back(make_failure(20, "no memory"));
  write_store(folder / "a.h5", records);
  const std::string bytes = file_bytes(folder / "a.h5");
  const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
  const Hdf5File file = open_image({first, first + bytes.size()});
  const std::string text = section("## Snapshot");
  const auto has = [&](const std::string& name) { return contains(text, "`" + name + "`"); };
  int datasets = 0;
  for (const std::string& name : objects_in(file)) {
    INFO(name);
    const std::size_t slash = name.find('/');
    if (slash != std::string::npos) {
      std::string field = name.substr(slash + 1);
      const std::string group = "/" + name.substr(0, slash) + "/";
      std::string general = group + "NAME";
      if (field.ends_with("_id") && field != "trial_id") {
        general += "_id";
        field.resize(field.size() - 3);
      }
      CHECK((has(group + field) || (has(general) && contains(document(), "\n| `" + field + "` | "))));
      ++datasets;
    }
    const hid_t object = H5Oopen(file, name.c_str(), H5P_DEFAULT);
    REQUIRE(object >= 0);
    for (const std::string& attribute : attributes_of(object)) CHECK(has(attribute));
    H5Oclose(object);
  }
  for (const std::string& attribute : attributes_of(file)) CHECK(has(attribute));
  CHECK(datasets > 90);
}

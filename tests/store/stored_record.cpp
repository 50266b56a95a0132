#include "memscale/store/stored_record.hpp"

#include "catch.hpp"
#include "store_fixture.hpp"

using namespace memscale;

TEST_CASE("stored text is valid UTF-8") {
  const auto stored = [](const std::string& text) { return storable_text(text, longest_text); };
  for (const std::string good : {"", "plain\n\ttext\x7F", "\xC3\xA9 \xDF\xBF", "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80",
                                 "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", "\xEF\xBF\xBD"})
    CHECK(stored(good) == good);
  CHECK(stored("# k\xE4lter\n") == "# k?lter\n");                   // Latin-1
  CHECK(stored("\x80\xBF\xC0\xAF\xC1\x81") == "??????");            // no beginning, overlong
  CHECK(stored("\xE0\x9F\xBF\xF0\x8F\xBF\xBF") == "???????");       // overlong
  CHECK(stored("\xED\xA0\x80\xF4\x90\x80\x80\xFF") == "????????");  // a surrogate, beyond Unicode, never a byte
  CHECK(stored("\xC3") == "?");
  CHECK(stored("a\xF0\x9F\x98") == "a???");
  CHECK(stored("\xC3\xC3\xA9\xE2\x82z") == "?\xC3\xA9??z");
  CHECK(stored(std::string("a\0b", 3)) == "a?b");
}

TEST_CASE("stored text is cut at a whole character") {
  CHECK(storable_text("ab\xC3\xA9", 3) == "ab");
  CHECK(storable_text("ab\xC3\xA9", 4) == "ab\xC3\xA9");
  CHECK(storable_text(std::string(9, '\x80'), 4) == "????");
}

TEST_CASE("a record's texts are mended") {
  Record record = make_failure(1, "k\xE4lter \xC3\xA9");
  record.cost.host = "n\xC3\xB6" + std::string(300, 'd');
  const Record stored = storable(record);
  CHECK(stored.message == "k?lter \xC3\xA9");
  CHECK(stored.cost.host == "n??" + std::string(longest_name - 3, 'd'));
}

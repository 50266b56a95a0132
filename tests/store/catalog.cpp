#include "memscale/store/catalog.hpp"

#include <bit>
#include <limits>
#include <random>

#include "catch.hpp"
#include "snapshot_fixture.hpp"

using namespace memscale;

namespace {

constexpr std::uint64_t content = 1'000'000;

Catalog make_catalog() {
  Catalog catalog{make_provenance(), 20000, {}};
  CatalogTable column{"trials/d", ValueKind::integer, 8, column_grid(20000, 8), {}};
  for (std::uint64_t i = 0; i < 3; ++i) column.chunks.push_back({i, 96 + 1000 * i, 900});
  CatalogTable table{"traces/capacity", ValueKind::real, 8, table_grid(20000, 3000, 2), {}};
  table.chunks.push_back({7, 5000, 77});
  table.chunks.push_back({800, 6000, 78});
  catalog.tables = {column, table};
  return catalog;
}

std::string refusal(const Catalog& catalog) {
  return message_of<std::out_of_range>([&] { decode_catalog(encode_catalog(catalog), content); });
}

bool holds_all(const ChunkGrid& grid) {
  return grid.down() * grid.chunk_rows >= grid.rows && (grid.down() - 1) * grid.chunk_rows < grid.rows &&
         grid.across() * grid.chunk_columns >= grid.columns && (grid.across() - 1) * grid.chunk_columns < grid.columns;
}

}  // namespace

TEST_CASE("a catalog comes back") {
  const Catalog catalog = make_catalog();
  const Catalog back = decode_catalog(encode_catalog(catalog), content);
  CHECK(back.provenance.jobs == catalog.provenance.jobs);
  CHECK(back.provenance.command_line == catalog.provenance.command_line);
  CHECK(back.rows == 20000);
  CHECK(encode_catalog(back) == encode_catalog(catalog));
  REQUIRE(back.find("traces/capacity"));
  CHECK(back.find("traces/capacity")->chunks.at(1).address == 6000);
  CHECK(back.find("trials/d")->is_complete());
  CHECK_FALSE(back.find("traces/capacity")->is_complete());
  CHECK_FALSE(back.find("trials"));
}

TEST_CASE("grids cover their datasets, blocks of 8192 rows are whole chunks, and no chunk is too large") {
  for (const std::uint64_t rows : {1, 2, 3, 100, 4096, 8191, 8192, 8193, 1000000}) {
    for (const std::size_t size : {1, 4, 8, 13, 16, 255, 1000}) {
      const ChunkGrid grid = column_grid(rows, size);
      INFO(rows << " rows of " << size << " bytes, chunks of " << grid.chunk_rows);
      CHECK(holds_all(grid));
      CHECK(grid.chunk_rows * size <= largest_chunk);
      CHECK((grid.chunk_rows == rows || 8192 % grid.chunk_rows == 0));
    }
    for (const std::uint64_t columns : {1, 2, 30, 63, 64, 65, 3000, 1000000})
      for (const std::uint64_t mean : {std::uint64_t{0}, std::uint64_t{1}, columns / 2, columns}) {
        const ChunkGrid grid = table_grid(rows, columns, mean);
        INFO(rows << " x " << columns << ", chunks of " << grid.chunk_rows << " x " << grid.chunk_columns);
        CHECK(holds_all(grid));
        CHECK(grid.chunk_rows * grid.chunk_columns <= 8192);
        CHECK((grid.chunk_rows == rows || std::has_single_bit(grid.chunk_rows)));
        if (rows >= 128 && mean < 64) CHECK(grid.chunk_columns <= 64);
      }
  }
  CHECK(table_grid(0, 0, 0).down() == 0);
  CHECK(table_grid(5, 0, 0).across() == 0);
  CHECK(column_grid(0, 8).down() == 0);
}

TEST_CASE("a catalog that cannot be one is refused") {
  Catalog catalog = make_catalog();
  CatalogTable& column = catalog.tables[0];
  constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();
  REQUIRE(refusal(catalog) == "nothing thrown");
  SECTION("a chunk behind the content") {
    column.chunks[2].address = content - 899;
    CHECK(contains(refusal(catalog), "trials/d has a chunk that is not in the file"));
    column.chunks[2].address = huge - 10;
    CHECK(contains(refusal(catalog), "trials/d has a chunk that is not in the file"));
  }
  SECTION("a chunk of no bytes, and of more than it could have") {
    for (const std::uint32_t size : {0U, 80000U, 4'000'000'000U}) {
      column.chunks[2].size = size;
      CHECK(contains(refusal(catalog), "not in the file"));
    }
  }
  SECTION("two chunks at one place") {
    column.chunks[1].address = column.chunks[0].address;
    CHECK(contains(refusal(catalog), "two chunks at one place"));
  }
  SECTION("a chunk outside the grid") {
    column.chunks[2].index = 3;
    CHECK(contains(refusal(catalog), "no place"));
  }
  SECTION("chunks out of order") {
    std::swap(column.chunks[0], column.chunks[1]);
    CHECK(contains(refusal(catalog), "no place"));
  }
  SECTION("chunks of no rows, or beyond all memory") {
    for (const std::uint64_t side : {std::uint64_t{0}, std::uint64_t{1} << 40, huge}) {
      column.grid.chunk_rows = side;
      CHECK(contains(refusal(catalog), "no possible chunks"));
      column.grid = column_grid(20000, 8);
      column.grid.chunk_columns = side;
      CHECK(contains(refusal(catalog), "no possible chunks"));
    }
  }
  SECTION("values of another size") {
    column.value_size = 4;
    CHECK(contains(refusal(catalog), "no possible chunks"));
  }
  SECTION("a kind that is none") {
    column.kind = static_cast<ValueKind>(9);
    CHECK(contains(refusal(catalog), "no possible chunks"));
  }
}

TEST_CASE("a catalog cut short, longer or changed at random is refused or is one") {
  const std::vector<std::byte> whole = encode_catalog(make_catalog());
  for (std::size_t size = 0; size < whole.size(); ++size)
    REQUIRE_THROWS_AS(decode_catalog(std::span(whole).first(size), content), std::out_of_range);
  std::vector<std::byte> longer = whole;
  longer.push_back(std::byte{0});
  CHECK_THROWS_AS(decode_catalog(longer, content), std::out_of_range);
  std::mt19937_64 random(5);
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::byte> changed = whole;
    for (std::uint64_t k = 1 + random() % 4; k > 0; --k)
      changed[random() % changed.size()] = static_cast<std::byte>(random() % 3 == 0 ? 255 : random() % 256);
    try {
      const Catalog catalog = decode_catalog(changed, content);
      for (const CatalogTable& table : catalog.tables) REQUIRE(table.chunk_bytes() <= largest_chunk);
    } catch (const std::out_of_range&) {
    }
  }
}

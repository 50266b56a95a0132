#include <algorithm>
#include <utility>

#include "memscale/store/hdf5_image.hpp"
#include "memscale/store/stored_record.hpp"
#include "snapshot_groups.hpp"

namespace memscale {

namespace {

/// The unit of a cost column; empty for a count or a text.
std::string unit_of(std::string_view name) {
  if (name.starts_with("seconds")) return "s";
  if (name == "started") return "s since 1970-01-01 00:00 UTC";
  if (name == "peak_memory") return "byte";
  return {};
}

std::size_t count_fields() {
  std::size_t count = 0;
  for_each_field_of<Cost>([&](const char*, const auto&) { ++count; });
  return count;
}

std::size_t block_rows(std::uint64_t rows) {
  return column_grid(rows, sizeof(double)).chunk_rows;
}

}  // namespace

CostGroup::CostGroup(SnapshotImage& image, std::uint64_t rows)
    : image_(&image), rows_(rows), block_(block_rows(rows)), texts_(count_fields()) {}

void CostGroup::add(const Cost& cost) {
  block_.add(cost);
  std::size_t field = 0;
  for_each_field(cost, [&]<class Value>(const char*, const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) texts_[field].add(value);
    ++field;
  });
  if (block_.rows() == block_rows(rows_)) keep_block();
}

void CostGroup::keep_block() {
  std::size_t field = 0;
  std::vector<std::byte> padded;
  for_each_field_of<Cost>([&]<class Value>(const char*, const Value&) {
    if constexpr (!std::is_same_v<Value, std::string>) {
      const auto values = block_.column(field);
      padded.assign(values.begin(), values.end());
      padded.resize(block_rows(rows_) * sizeof(Value));
      const auto chunk = image_->encoder().encode(padded, sizeof(Value));
      chunks_.push_back({field, kept_ / block_rows(rows_), {chunk.begin(), chunk.end()}});
    }
    ++field;
  });
  kept_ += block_.rows();
  block_.clear();
}

void CostGroup::finish(const std::string& command_line, std::vector<CatalogTable>& tables) && {
  if (block_.rows() > 0) keep_block();
  const Hdf5Group group = create_group(image_->root(), std::string(group_of<Cost>()));
  write_attribute(group, "command_line", storable_text(command_line, longest_text));
  std::vector<std::pair<std::size_t, ImageDataset>> numbers;
  std::size_t field = 0;
  for_each_field_of<Cost>([&]<class Value>(const char* name, const Value&) {
    const std::string dataset = dataset_of<Cost, Value>(name);
    if constexpr (std::is_same_v<Value, std::string>) {
      tables.push_back(write_text_dataset(*image_, dataset, texts_[field], texts_[field].width()));
    } else {
      numbers.emplace_back(
          field,
          ImageDataset(*image_, {dataset, kind_of<Value>(), sizeof(Value), column_grid(rows_, sizeof(Value)), {}}));
      if (const std::string unit = unit_of(name); !unit.empty()) write_unit(group, name, unit);
    }
    ++field;
  });
  for (Chunk& chunk : chunks_) {
    const auto number =
        std::find_if(numbers.begin(), numbers.end(), [&](const auto& pair) { return pair.first == chunk.field; });
    number->second.write_encoded(chunk.index, chunk.bytes);
    chunk.bytes = {};  // the file has grown by as much
  }
  for (auto& [place, dataset] : numbers) tables.push_back(std::move(dataset).table());
}

}  // namespace memscale

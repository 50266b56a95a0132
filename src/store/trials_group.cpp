#include <algorithm>
#include <cstring>

#include "memscale/core/text.hpp"
#include "memscale/store/hdf5_image.hpp"
#include "snapshot_groups.hpp"

namespace memscale {

namespace {

CatalogTable column_table(const std::string& name, ValueKind kind, std::size_t value_size, std::uint64_t rows) {
  return {name, kind, static_cast<std::uint32_t>(value_size), column_grid(rows, value_size), {}};
}

CatalogTable id_table(const std::string& name, std::uint64_t rows) {
  return column_table(name, ValueKind::text, id_width, rows);
}

/// All names of an enum, each padded to the width of the longest: sweeps then have the same types whichever occur.
template <class Enum>
std::vector<std::byte> padded_names(std::size_t width) {
  std::vector<std::byte> texts(EnumNames<Enum>::names.size() * width);
  for (std::size_t code = 0; code < EnumNames<Enum>::names.size(); ++code)
    std::memcpy(texts.data() + code * width, EnumNames<Enum>::names[code].data(), EnumNames<Enum>::names[code].size());
  return texts;
}

void append_hex(std::vector<std::byte>& bytes, std::uint64_t id) {
  const std::string text = to_hex(id);
  for (char digit : text) bytes.push_back(static_cast<std::byte>(digit));
}

/// `image` with the group that datasets are to be made in.
SnapshotImage& with_group(SnapshotImage& image, std::string_view name) {
  create_group(image.root(), std::string(name));
  return image;
}

}  // namespace

CatalogTable write_text_dataset(SnapshotImage& image, const std::string& name, const TextCodes& texts,
                                std::size_t width) {
  ImageDataset dataset(image, column_table(name, ValueKind::text, width, texts.rows()));
  const std::size_t step = dataset.grid().chunk_rows;
  for (std::size_t row = 0; row < texts.rows(); row += step) dataset.write_rows(row, texts.padded(row, step, width));
  return std::move(dataset).table();
}

template <class Part>
TrialsGroup::Fields<Part> TrialsGroup::make_fields(std::size_t block_rows) {
  Fields<Part> fields{FieldBlock<Part>(block_rows), {}, {}};
  for_each_field_of<Part>([&]<class Value>(const char* name, const Value&) {
    if constexpr (NamedEnum<Value>) {
      std::size_t width = 1;
      for (std::string_view text : EnumNames<Value>::names) width = std::max(width, text.size());
      const std::string names = std::string(group_of<Part>()) + "/" + name;
      fields.names.push_back({fields.datasets.size(), padded_names<Value>(width),
                              ImageDataset(*image_, column_table(names, ValueKind::text, width, rows_))});
    }
    constexpr ValueKind kind = kind_of<Value>();
    fields.datasets.emplace_back(*image_,
                                 column_table(dataset_of<Part, Value>(name), kind, value_size_of(kind), rows_));
  });
  return fields;
}

TrialsGroup::TrialsGroup(SnapshotImage& image, std::uint64_t rows)
    : image_(&with_group(image, group_of<Trial>())),
      rows_(rows),
      ids_(image, id_table("trials/trial_id", rows)),
      digests_(image, id_table("trials/digest", rows)),
      trial_(make_fields<Trial>(ids_.grid().chunk_rows)),
      result_(make_fields<Result>(ids_.grid().chunk_rows)) {}

void TrialsGroup::add(const Record& record, const IndexEntry& entry) {
  append_hex(id_block_, entry.id);
  append_hex(digest_block_, entry.digest);
  trial_.block.add(record.trial);
  result_.block.add(record.result);
  if (trial_.block.rows() == ids_.grid().chunk_rows) write_block();
}

template <class Part>
void TrialsGroup::write_fields(Fields<Part>& fields) {
  for (std::size_t field = 0; field < fields.datasets.size(); ++field)
    fields.datasets[field].write_rows(written_, fields.block.column(field));
  std::vector<std::byte> texts;
  for (Names& names : fields.names) {
    const auto codes = fields.block.column(names.field);
    const std::size_t width = names.dataset.value_size(), rows = fields.block.rows();
    texts.resize(rows * width);
    for (std::size_t row = 0; row < rows; ++row) {
      std::int32_t code = 0;
      std::memcpy(&code, codes.data() + row * sizeof code, sizeof code);
      if (code < 0 || static_cast<std::size_t>(code) >= names.texts.size() / width)
        throw Hdf5Error("write " + names.dataset.name() + ": a code without a name");
      std::memcpy(texts.data() + row * width, names.texts.data() + static_cast<std::size_t>(code) * width, width);
    }
    names.dataset.write_rows(written_, texts);
  }
  fields.block.clear();
}

void TrialsGroup::write_block() {
  const std::size_t rows = trial_.block.rows();
  ids_.write_rows(written_, id_block_);
  digests_.write_rows(written_, digest_block_);
  write_fields(trial_);
  write_fields(result_);
  id_block_.clear();
  digest_block_.clear();
  written_ += rows;
}

void TrialsGroup::finish(std::vector<CatalogTable>& tables) && {
  if (trial_.block.rows() > 0) write_block();
  tables.push_back(std::move(ids_).table());
  tables.push_back(std::move(digests_).table());
  for (ImageDataset& dataset : trial_.datasets) tables.push_back(std::move(dataset).table());
  for (ImageDataset& dataset : result_.datasets) tables.push_back(std::move(dataset).table());
}

void FailuresGroup::add(const Record& record, const IndexEntry& entry) {
  ids_.push_back(entry.id);
  messages_.add(record.message);
}

void FailuresGroup::finish(SnapshotImage& image, std::vector<CatalogTable>& tables) && {
  const Hdf5Group failures = create_group(image.root(), "failures");
  ImageDataset dataset(image, id_table("failures/trial_id", ids_.size()));
  std::vector<std::byte> ids;
  for (std::uint64_t id : ids_) append_hex(ids, id);
  dataset.write_rows(0, ids);
  tables.push_back(std::move(dataset).table());
  tables.push_back(write_text_dataset(image, "failures/message", messages_, messages_.width()));
}

}  // namespace memscale

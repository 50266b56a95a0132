#pragma once

#include <utility>
#include <vector>

#include "memscale/schedule/dispatcher.hpp"

/// Keeps the records of a run in the order of their arrival.
class RecordKeeper final : public memscale::RunObserver {
 public:
  void on_assigned(const memscale::Assignment&) override {}
  void on_records(int, std::vector<memscale::Record> some) override {
    for (memscale::Record& record : some) records.push_back(std::move(record));
  }
  void on_idle(std::span<const int>) override {}
  void on_turn() override {}

  std::vector<memscale::Record> records;
};

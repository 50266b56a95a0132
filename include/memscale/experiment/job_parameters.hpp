#pragma once

#include <string>
#include <vector>

#include "memscale/experiment/job_file.hpp"

namespace memscale {

/// What a job fixes, defaults included, whatever its points are: a line "section.key=value,value" for each key outside
/// [grid] and [run] that its trials depend on (an optimizer's own keys only for optimizers in it, keys of the threshold
/// only with a thresholded gradient), ascending by key. Values are normalised, so that 1 and 1.0, or a list and the
/// same range, are one text.
std::string job_parameters(const std::string& text, const std::vector<std::string>& flags);

/// One key that has no old value left: what it was and is.
struct ParameterChange {
  std::string key;          ///< "train.eta"
  std::string before, now;  ///< "1", "2, 3"
};

/// Keys that both texts (of job_parameters) name and that share no value, in order. More values, or fewer, are no
/// change.
std::vector<ParameterChange> changed_parameters(const std::string& before, const std::string& now);

/// The same for each of several texts. Beside that, a key that `now` names and this one does not has changed if others
/// name it and none of those shares a value: a job without muon does not vouch for muon's learning rate.
std::vector<std::vector<ParameterChange>> changes_from_each(const std::vector<std::string>& stored,
                                                            const std::string& now);

}  // namespace memscale

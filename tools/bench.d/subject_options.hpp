#pragma once

#include <string>

#include "flags.hpp"

namespace memscale::bench {

/// What can be said of each subject that measures a store.
struct SubjectOptions {
  std::string folder;  ///< where a fresh folder for stores is made
  std::string json;    ///< file that the measurements are written to; empty: none
  std::string from;    ///< such a file, to print and not to measure; empty: measures
};

/// Their flags, and --help.
void add_subject_flags(boost::program_options::options_description& flags);
SubjectOptions read_subject_flags(const Flags& given);
/// The Python of --python: python3 unless it is given, empty for none.
std::string read_python(const Flags& given);
/// Prints what the subject is and its flags.
void print_help(const char* subject, const boost::program_options::options_description& flags);

}  // namespace memscale::bench

#pragma once
// The C interface of MPI: the C++ bindings of old Open MPI versions stay out.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

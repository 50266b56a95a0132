# memscale_folder(NAME LINK ...): one static library from src/NAME/*.cpp (or a header-only one), alias memscale::NAME.

add_library(memscale_options INTERFACE)
target_include_directories(memscale_options INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_features(memscale_options INTERFACE cxx_std_20)
# Contraction into FMA would make the same source give other bytes on another CPU; without errno and traps,
# loops with square roots and selections vectorise, to the same bytes.
target_compile_options(memscale_options INTERFACE -Wall -Wextra -ffp-contract=off -fno-math-errno -fno-trapping-math $<$<AND:$<BOOL:${MEMSCALE_WERROR}>,$<NOT:$<BOOL:${MEMSCALE_SANITIZE}>>>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # False positive of GCC 12 on `const char* + std::string` (GCC bug 105651).
  target_compile_options(memscale_options INTERFACE -Wno-restrict)
endif()
target_compile_definitions(memscale_options INTERFACE MEMSCALE_VERSION="${PROJECT_VERSION}")
# GCC warns of uninitialised values that are none once sanitizers instrument the code: no -Werror there.
if(MEMSCALE_SANITIZE)
  target_compile_options(memscale_options INTERFACE -O1 -Wno-maybe-uninitialized -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(memscale_options INTERFACE -fsanitize=address,undefined)
  target_compile_definitions(memscale_options INTERFACE MEMSCALE_SANITIZE)
endif()

# FindHDF5 before CMake 3.24 sets variables only; one imported target hides that. Only the store may link it.
add_library(memscale_hdf5 INTERFACE)
add_library(memscale::hdf5 ALIAS memscale_hdf5)
target_include_directories(memscale_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(memscale_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
target_compile_definitions(memscale_hdf5 INTERFACE ${HDF5_C_DEFINITIONS})

function(memscale_folder name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(sources)
    add_library(memscale_${name} STATIC ${sources})
    target_link_libraries(memscale_${name} PUBLIC memscale_options ${ARG_LINK})
  else()
    add_library(memscale_${name} INTERFACE)
    target_link_libraries(memscale_${name} INTERFACE memscale_options ${ARG_LINK})
  endif()
  add_library(memscale::${name} ALIAS memscale_${name})
endfunction()

# memscale_kernel(FOLDER SOURCE NAME [VERSIONS ...]): compiles src/FOLDER/kernels/SOURCE into the folder's library as NAME_plain and, on
# x86-64, as NAME_avx2 and NAME_avx512, for dispatch at run time; VERSIONS names others, of which none but `plain` is compiled
# elsewhere. Optimised builds only: unoptimised inline functions of one instruction set could be linked into callers of another.
function(memscale_kernel folder source name)
  cmake_parse_arguments(ARG "" "" "VERSIONS" ${ARGN})
  if(NOT ARG_VERSIONS)
    set(ARG_VERSIONS plain avx2 avx512)
  endif()
  set(file ${PROJECT_SOURCE_DIR}/src/${folder}/kernels/${source})
  set(flags_plain "")
  set(flags_avx2 -mavx2 -mfma)
  set(flags_avx512 -mavx512f -mavx512dq -mprefer-vector-width=512)
  set(flags_avx512vnni -mavx512f -mavx512bw -mavx512vl -mavx512vnni)
  set(flags_amx ${flags_avx512vnni} -mamx-tile -mamx-int8)
  set(flags_amxbf16 ${flags_avx512} -mavx512bw -mavx512vl -mavx512bf16 -mamx-tile -mamx-bf16)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(memscale_${folder} PUBLIC MEMSCALE_X86_KERNELS)
  else()
    list(FILTER ARG_VERSIONS INCLUDE REGEX "^plain$")
  endif()
  foreach(version IN LISTS ARG_VERSIONS)
    add_library(memscale_${name}_${version} OBJECT ${file})
    target_link_libraries(memscale_${name}_${version} PRIVATE memscale_options)
    target_compile_definitions(memscale_${name}_${version} PRIVATE MEMSCALE_KERNEL=${name}_${version} MEMSCALE_X86_KERNELS)
    target_compile_options(memscale_${name}_${version} PRIVATE ${flags_${version}})
    target_sources(memscale_${folder} PRIVATE $<TARGET_OBJECTS:memscale_${name}_${version}>)
  endforeach()
endfunction()

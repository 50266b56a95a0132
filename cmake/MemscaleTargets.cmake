# memscale_folder(NAME LINK ...): one static library from src/NAME/*.cpp (or a header-only one), alias memscale::NAME.

add_library(memscale_options INTERFACE)
target_include_directories(memscale_options INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_compile_features(memscale_options INTERFACE cxx_std_20)
# Contraction into FMA would make the same source give other bytes on another CPU.
target_compile_options(memscale_options INTERFACE -Wall -Wextra -ffp-contract=off $<$<BOOL:${MEMSCALE_WERROR}>:-Werror>)
target_compile_definitions(memscale_options INTERFACE MEMSCALE_VERSION="${PROJECT_VERSION}")
if(MEMSCALE_SANITIZE)
  target_compile_options(memscale_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
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

// What is left out of options has its default, without a warning.
#include <basehttp/handlers/static_files.h>

basehttp::StaticFilesOptions files_of(basehttp::FileRoot root, const basehttp::MediaTypes& types,
                                      basehttp::FileCache& cache) {
    return {.source = {.root = std::move(root), .types = &types}, .cache = &cache};
}

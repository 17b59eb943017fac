// TemporaryFolder: a folder that lasts as long as its test, for the files that the test writes. Owned by the test.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace basehttpd_test {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "basehttpd-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + name);
        // Symbolic links on the way would make paths in messages differ from this one.
        path_ = std::filesystem::canonical(name).string();
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::string& path() const { return path_; }
    std::string path(const std::string& name) const { return path_ + '/' + name; }

    /// Writes a file, with the folders it is in, and returns its path.
    std::string write(const std::string& name, const std::string& text) const {
        const std::filesystem::path file = path(name);
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << text;
        return file.string();
    }

    std::string make_folder(const std::string& name) const {
        std::filesystem::create_directories(path(name));
        return path(name);
    }

    /// Makes a symbolic link to `target`, as it stands.
    void link(const std::string& name, const std::string& target) const {
        std::filesystem::create_symlink(target, path(name));
    }

    /// `text` with this folder's path replaced by `DIR`, so that expectations can be written down.
    std::string without_path(std::string text) const {
        for (std::size_t at = text.find(path_); at != std::string::npos; at = text.find(path_)) {
            text.replace(at, path_.size(), "DIR");
        }
        return text;
    }

  private:
    std::string path_;
};

}  // namespace basehttpd_test

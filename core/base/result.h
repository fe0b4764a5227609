#pragma once

// Result<T>: a value or the Linux error number that explains why there is none. Move-only, and the
// compiler rejects one that is dropped.

#include "core/abi/errno.h"
#include "core/base/assert.h"

#include <new>
#include <type_traits>
#include <utility>

namespace drydock {

template <typename T>
class Result;

// What a Result of T may be made from, its value that is.
template <typename U, typename T>
concept ValueOf =
    std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, Result<T>> &&
    !std::is_same_v<std::remove_cvref_t<U>, Errno>;

// Where a Result keeps what it has. What is as plain as an integer travels in registers.
template <typename T, bool kIsPlain>
class ResultStorage {
protected:
    explicit ResultStorage(Errno error) : error_(error) {}
    template <typename U>
    ResultStorage(std::in_place_t, U&& value)
        : holds_value_(true), value_(T(std::forward<U>(value)))
    {}
    ResultStorage(ResultStorage&&) = default;
    ResultStorage(ResultStorage const&) = delete;
    ResultStorage& operator=(ResultStorage const&) = delete;
    ResultStorage& operator=(ResultStorage&&) = delete;
    ~ResultStorage() = default;

    bool holds_value_ = false;
    Errno error_{};
    union {
        T value_;
    };
};

template <typename T>
class ResultStorage<T, false> {
protected:
    explicit ResultStorage(Errno error) : error_(error) {}
    template <typename U>
    ResultStorage(std::in_place_t, U&& value) : holds_value_(true)
    {
        new (&value_) T(std::forward<U>(value));
    }
    ResultStorage(ResultStorage&& other) : holds_value_(other.holds_value_), error_(other.error_)
    {
        if (holds_value_) new (&value_) T(std::move(other.value_));
    }
    ResultStorage(ResultStorage const&) = delete;
    ResultStorage& operator=(ResultStorage const&) = delete;
    ResultStorage& operator=(ResultStorage&&) = delete;
    ~ResultStorage()
    {
        if (holds_value_) value_.~T();
    }

    bool holds_value_ = false;
    Errno error_{};
    union {
        T value_;
    };
};

template <typename T>
class [[nodiscard]] Result : private ResultStorage<T, std::is_trivially_copyable_v<T>> {
    static_assert(!std::is_reference_v<T>, "results hold values, pointers or handles");
    using Storage = ResultStorage<T, std::is_trivially_copyable_v<T>>;
    using Storage::error_;
    using Storage::holds_value_;
    using Storage::value_;

public:
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Errno error) : Storage(error) { ASSERT(error != Errno{}); }
    template <ValueOf<T> U = T>
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(U&& value) : Storage(std::in_place, std::forward<U>(value))
    {}
    Result(Result&&) = default;
    Result(Result const&) = delete;
    Result& operator=(Result const&) = delete;
    Result& operator=(Result&&) = delete;
    ~Result() = default;

    bool is_ok() const { return holds_value_; }
    bool is_error() const { return !holds_value_; }
    Errno error() const
    {
        ASSERT(!holds_value_);
        return error_;
    }
    T& value()
    {
        ASSERT(holds_value_);
        return value_;
    }
    T take()
    {
        ASSERT(holds_value_);
        return std::move(value_);
    }
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Errno error) : error_(error) {}  // NOLINT(google-explicit-constructor)
    Result(Result&&) = default;
    Result(Result const&) = delete;
    Result& operator=(Result const&) = delete;
    Result& operator=(Result&&) = default;

    bool is_ok() const { return error_ == Errno{}; }
    bool is_error() const { return error_ != Errno{}; }
    Errno error() const { return error_; }
    void take() { ASSERT(is_ok()); }

private:
    Errno error_{};
};

}  // namespace drydock

// The value of a Result; an error is returned from the calling function at once.
#define TRY(expression)                                       \
    __extension__({                                           \
        auto try_result = (expression);                       \
        if (try_result.is_error()) return try_result.error(); \
        try_result.take();                                    \
    })

// The value of a Result that cannot be an error here.
#define MUST(expression)                 \
    __extension__({                      \
        auto must_result = (expression); \
        ASSERT(must_result.is_ok());     \
        must_result.take();              \
    })

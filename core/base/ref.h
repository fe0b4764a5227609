#pragma once

// Ownership of kernel objects. Own<T> is the only owner; Ref<T> is one of several and counts. Both
// live on the kernel heap and give their memory back there.

#include "core/base/assert.h"
#include "core/base/integers.h"

#include <concepts>
#include <utility>

namespace drydock {

// Returns the memory of an object to the heap that it came from (defined in heap.cpp).
void release_to_heap(void* object);

// Base of everything that Ref counts. Put it first: the object's address is the allocation's
// address.
class RefCounted {
public:
    RefCounted() = default;
    RefCounted(RefCounted const&) = delete;
    RefCounted& operator=(RefCounted const&) = delete;
    virtual ~RefCounted() { ASSERT(references_ == 0); }

    u32 references() const { return references_; }

protected:
    // From now on before_end() is called when the last reference is dropped.
    void ask_before_end() { asks_before_end_ = true; }
    // The object is whole, but nobody may take a reference any more.
    virtual void before_end() {}

private:
    template <typename T>
    friend class Ref;
    void add_reference()
    {
        ASSERT(references_ < 0xffff'ffff);
        ++references_;
    }
    void drop_reference()
    {
        ASSERT(references_ > 0);
        if (--references_ > 0) return;
        if (asks_before_end_) before_end();
        this->~RefCounted();
        release_to_heap(this);
    }

    u32 references_ = 0;
    bool asks_before_end_ = false;
};

template <typename T>
class Ref {
public:
    Ref() = default;
    explicit Ref(T* object) : object_(object)
    {
        if (object_ != nullptr) counted()->add_reference();
    }
    Ref(Ref const& other) : Ref(other.object_) {}
    Ref(Ref&& other) : object_(other.object_) { other.object_ = nullptr; }
    template <std::derived_from<T> U>
    Ref(Ref<U> const& other) : Ref(other.get())
    {}  // NOLINT(google-explicit-constructor)
    ~Ref() { reset(); }
    Ref& operator=(Ref other)
    {
        std::swap(object_, other.object_);
        return *this;
    }

    void reset()
    {
        T* const object = object_;
        object_ = nullptr;
        if (object != nullptr) static_cast<RefCounted*>(object)->drop_reference();
    }
    T* get() const { return object_; }
    T* operator->() const
    {
        ASSERT(object_ != nullptr);
        return object_;
    }
    T& operator*() const
    {
        ASSERT(object_ != nullptr);
        return *object_;
    }
    explicit operator bool() const { return object_ != nullptr; }
    friend bool operator==(Ref const& left, Ref const& right)
    {
        return left.object_ == right.object_;
    }

private:
    RefCounted* counted() const { return static_cast<RefCounted*>(object_); }

    T* object_ = nullptr;
};

template <typename T>
class Own {
public:
    Own() = default;
    explicit Own(T* object) : object_(object) {}
    Own(Own const&) = delete;
    Own(Own&& other) : object_(other.object_) { other.object_ = nullptr; }
    ~Own() { reset(); }
    Own& operator=(Own&& other)
    {
        if (this != &other) {
            reset();
            object_ = other.object_;
            other.object_ = nullptr;
        }
        return *this;
    }

    void reset()
    {
        T* const object = object_;
        object_ = nullptr;
        if (object == nullptr) return;
        object->~T();
        release_to_heap(object);
    }
    // Gives the object away without destroying it.
    T* take_pointer()
    {
        T* const object = object_;
        object_ = nullptr;
        return object;
    }
    T* get() const { return object_; }
    T* operator->() const
    {
        ASSERT(object_ != nullptr);
        return object_;
    }
    T& operator*() const
    {
        ASSERT(object_ != nullptr);
        return *object_;
    }
    explicit operator bool() const { return object_ != nullptr; }

private:
    T* object_ = nullptr;
};

}  // namespace drydock

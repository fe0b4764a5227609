#pragma once

// An intrusive doubly linked list: the hook is a member of the element, so that linking never
// allocates. An element must be out of every list when it is destroyed.

#include "core/base/assert.h"
#include "core/base/integers.h"

namespace drydock {

class ListHook {
public:
    ListHook() = default;
    ListHook(ListHook const&) = delete;
    ListHook& operator=(ListHook const&) = delete;
    ~ListHook() { ASSERT(next_ == nullptr); }

    bool is_linked() const { return next_ != nullptr; }
    // Leaves whichever list the hook is in.
    void unlink()
    {
        ASSERT(is_linked());
        next_->previous_ = previous_;
        previous_->next_ = next_;
        next_ = nullptr;
        previous_ = nullptr;
    }

private:
    template <typename T, ListHook T::*kHook>
    friend class List;
    void insert_before(ListHook& other)
    {
        ASSERT(!is_linked());
        next_ = &other;
        previous_ = other.previous_;
        previous_->next_ = this;
        other.previous_ = this;
    }

    ListHook* next_ = nullptr;
    ListHook* previous_ = nullptr;
};

template <typename T, ListHook T::*kHook>
class List {
public:
    List()
    {
        head_.next_ = &head_;
        head_.previous_ = &head_;
    }
    List(List const&) = delete;
    List& operator=(List const&) = delete;
    ~List()
    {
        ASSERT(is_empty());
        head_.next_ = nullptr;
        head_.previous_ = nullptr;
    }

    bool is_empty() const { return head_.next_ == &head_; }
    T* first() { return is_empty() ? nullptr : owner_of(head_.next_); }
    T* last() { return is_empty() ? nullptr : owner_of(head_.previous_); }
    // The element after (before) this one, or null at the end.
    T* next(T& element)
    {
        ListHook* const hook = (element.*kHook).next_;
        return hook == &head_ ? nullptr : owner_of(hook);
    }
    T* previous(T& element)
    {
        ListHook* const hook = (element.*kHook).previous_;
        return hook == &head_ ? nullptr : owner_of(hook);
    }
    void push_back(T& element) { (element.*kHook).insert_before(head_); }
    void push_front(T& element) { (element.*kHook).insert_before(*head_.next_); }
    void insert_before(T& element, T& position) { (element.*kHook).insert_before(position.*kHook); }
    void remove(T& element) { (element.*kHook).unlink(); }
    T* pop_front()
    {
        T* const element = first();
        if (element != nullptr) remove(*element);
        return element;
    }
    // Moves all elements of the other list to the end of this one.
    void splice_back(List& other)
    {
        while (T* const element = other.pop_front()) push_back(*element);
    }
    // Counts by walking: for tests and reports.
    usize count()
    {
        usize total = 0;
        for (T* element = first(); element != nullptr; element = next(*element)) ++total;
        return total;
    }

    // Range for; the loop body must not unlink the current element.
    class Iterator {
    public:
        Iterator(List& list, T* element) : list_(list), element_(element) {}
        T& operator*() const { return *element_; }
        Iterator& operator++()
        {
            element_ = list_.next(*element_);
            return *this;
        }
        bool operator!=(Iterator const& other) const { return element_ != other.element_; }

    private:
        List& list_;
        T* element_;
    };
    Iterator begin() { return {*this, first()}; }
    Iterator end() { return {*this, nullptr}; }

private:
    static T* owner_of(ListHook* hook)
    {
        // The offset of the hook inside T, computed the way offsetof does it.
        auto const offset = reinterpret_cast<usize>(&(reinterpret_cast<T*>(4096)->*kHook)) - 4096;
        return reinterpret_cast<T*>(reinterpret_cast<std::byte*>(hook) - offset);
    }

    ListHook head_;
};

}  // namespace drydock

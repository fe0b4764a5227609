#include "sim/story/story_text.h"

#include "sim/cost_table.h"
#include "sim/story/chapters.h"

#include <fmt/format.h>
#include <stdexcept>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

Json parse(std::string const& text, char const* part)
{
    Json json = Json::parse(text, nullptr, false);
    if (json.is_discarded()) {
        throw std::runtime_error(fmt::format("the part of the story about {} is no JSON", part));
    }
    return json;
}

Story assemble(StoryParts const& parts)
{
    Chapter first = make_template_chapter(parse(parts.stale, "the stale template"),
                                          parse(parts.sound, "the sound kernel"));
    Chapter second = make_pipe_chapter(parse(parts.pipes, "pipes"));
    Story story;
    story.text = fmt::format("Two bugs that a kernel of this kind shipped with, run here with and "
                             "without. Times are virtual, from the\ncost table {}; published: "
                             "figures of the reference kernel under QEMU/KVM, March 2026.\n\n",
                             reference_kvm_costs().name);
    story.text += first.text + "\n" + second.text;
    std::vector<std::string> problems = first.problems;
    problems.insert(problems.end(), second.problems.begin(), second.problems.end());
    if (!problems.empty()) story.text += "\nNot as it should be:\n";
    for (std::string const& problem : problems) story.text += "  " + problem + "\n";
    Json const report = {{"format", "drydock story 1"},
                         {"cost_table", reference_kvm_costs().name},
                         {"template", first.figures},
                         {"pipes", second.figures},
                         {"problems", problems}};
    story.report = report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    story.is_as_told = problems.empty();
    return story;
}

}  // namespace

Story make_story(StoryParts const& parts)
{
    try {
        return assemble(parts);
    } catch (nlohmann::json::exception const& error) {
        throw std::runtime_error(fmt::format("a part of the story is damaged: {}", error.what()));
    }
}

}  // namespace drydock::sim

#include "sim/compare/comparison.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// Pixels.
constexpr double kRow = 17;
constexpr double kTop = 66;
constexpr double kNameEnd = 130;
constexpr double kBarsStart = 140, kBarsEnd = 560;
constexpr double kFiguresEnd = 720;
constexpr double kRatioEnd = 780;
constexpr double kWidth = 800;
// Ratios beyond these end at the edge; the figure beside tells them.
constexpr double kLeast = 0.25, kMost = 4;

// Colours for light ground, then for dark; set in the file itself, so that it needs no page.
constexpr char const* kStyle = "  <style>\n"
                               "    text { font: 11px system-ui, sans-serif; fill: #1f2328; }\n"
                               "    .title { font-size: 14px; font-weight: 600; }\n"
                               "    .end { text-anchor: end; }\n"
                               "    .middle { text-anchor: middle; }\n"
                               "    .dim { fill: #59636e; }\n"
                               "    .ground { fill: #ffffff; }\n"
                               "    .grid { stroke: #d1d9e0; }\n"
                               "    .equal { stroke: #1f2328; stroke-width: 1.5; }\n"
                               "    .faster { fill: #1a7f37; }\n"
                               "    .ok { fill: #0969da; }\n"
                               "    .marginal { fill: #bf8700; }\n"
                               "    .regression { fill: #cf222e; }\n"
                               "    @media (prefers-color-scheme: dark) {\n"
                               "      text { fill: #e6edf3; }\n"
                               "      .dim { fill: #9198a1; }\n"
                               "      .ground { fill: #0d1117; }\n"
                               "      .grid { stroke: #3d444d; }\n"
                               "      .equal { stroke: #e6edf3; }\n"
                               "      .faster { fill: #3fb950; }\n"
                               "      .ok { fill: #4493f8; }\n"
                               "      .marginal { fill: #d29922; }\n"
                               "      .regression { fill: #f85149; }\n"
                               "    }\n"
                               "  </style>\n";

std::string escaped(std::string_view text)
{
    std::string result;
    for (char const character : text) {
        switch (character) {
        case '&': result += "&amp;"; break;
        case '<': result += "&lt;"; break;
        case '>': result += "&gt;"; break;
        case '"': result += "&quot;"; break;
        default: result += character;
        }
    }
    return result;
}

std::string text_at(double x, double y, char const* classes, std::string_view text)
{
    return fmt::format(
        "  <text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>\n", x, y, classes, escaped(text));
}

// Logarithmic: half and double are equally far from 1.
double place_of(double ratio)
{
    double const share =
        std::log2(std::clamp(ratio, kLeast, kMost) / kLeast) / std::log2(kMost / kLeast);
    return kBarsStart + share * (kBarsEnd - kBarsStart);
}

char const* class_of(double ratio)
{
    std::string_view const label = ratio_label(ratio);
    if (label == "faster") return "faster";
    if (label == "OK") return "ok";
    return label == "marginal" ? "marginal" : "regression";
}

std::string grid(double bottom)
{
    std::string text;
    for (double const ratio : {0.25, 0.5, 1.0, 2.0, 4.0}) {
        double const x = place_of(ratio);
        text += fmt::format("  <line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" "
                            "class=\"{3}\"/>\n",
                            x,
                            kTop,
                            bottom,
                            ratio == 1.0 ? "equal" : "grid");
        text += text_at(x, kTop - 6, "middle dim", fmt::format("{}", ratio));
    }
    return text;
}

std::string row_at(double y, ComparedRow const& row)
{
    double const base = y + kRow - 5;
    std::string text = text_at(kNameEnd, base, "end", benchmarks()[row.ours.benchmark].name);
    std::optional<double> const ratio = row.ratio();
    if (!ratio) {
        text += text_at(kBarsStart, base, "dim", "no ratio");
        return text;
    }
    double const from = std::min(place_of(*ratio), place_of(1));
    double const to = std::max(place_of(*ratio), place_of(1));
    text += fmt::format("  <rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" "
                        "class=\"{}\"/>\n",
                        from,
                        y + 3,
                        std::max(to - from, 1.0),
                        kRow - 5,
                        class_of(*ratio));
    text += text_at(
        kFiguresEnd,
        base,
        "end dim",
        fmt::format("{:.0f} / {:.0f}", row.ours.per_iteration(), row.linux_side.per_iteration()));
    return text + text_at(kRatioEnd, base, "end", fmt::format("{:.2f}", *ratio));
}

}  // namespace

std::string comparison_picture(Comparison const& comparison)
{
    Conditions const& conditions = comparison.conditions;
    double const bottom = kTop + kRow * static_cast<double>(comparison.rows.size());
    double const height = bottom + 24;
    std::string text = fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" "
                                   "height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\">\n",
                                   kWidth,
                                   height);
    std::string const title =
        fmt::format("drydock and Linux: {} per iteration, ratio",
                    conditions.counts_instructions ? "guest instructions" : "nanoseconds");
    text += fmt::format("  <title>{}</title>\n", title);
    text += kStyle;
    text += fmt::format("  <rect width=\"{}\" height=\"{}\" class=\"ground\"/>\n", kWidth, height);
    text += text_at(12, 22, "title", title);
    text += text_at(12, 40, "dim", describe(summarize(comparison.rows)));
    text += grid(bottom);
    text += text_at(kFiguresEnd, kTop - 6, "end dim", "drydock / Linux");
    double y = kTop;
    for (ComparedRow const& row : comparison.rows) {
        text += row_at(y, row);
        y += kRow;
    }
    text += text_at(12,
                    height - 8,
                    "dim",
                    fmt::format("{}, mitigations {}; {}; {}",
                                conditions.linux_name,
                                conditions.mitigations,
                                conditions.qemu,
                                conditions.suite));
    return text + "</svg>\n";
}

}  // namespace drydock::sim

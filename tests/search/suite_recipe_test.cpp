#include "sim/search/shrink.h"
#include "sim/search/suite_recipe.h"
#include "sim/suite/suite_run.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

Recipe recipe_of_arguments(std::vector<std::string> arguments)
{
    Recipe recipe;
    recipe.program.path = kSuitePath;
    recipe.program.arguments = std::move(arguments);
    return recipe;
}

TEST(suite_recipe, order_stands_in_the_arguments)
{
    Recipe const recipe = recipe_of_arguments({"/suite", "--full", "pipe", "getpid"});
    EXPECT_EQ(describe(order_of(recipe).value()), "pipe,getpid");
    Recipe const changed = with_order(recipe, parse_order("stat", "here"));
    EXPECT_EQ(changed.program.arguments, (std::vector<std::string>{"/suite", "--full", "stat"}));
    EXPECT_EQ(order_of(recipe_of_arguments({"/suite", "--quick"})), suite_order());
}

TEST(suite_recipe, order_stands_in_the_input)
{
    Recipe recipe = recipe_of_arguments({"/suite", "--quick", "-"});
    recipe = with_order(recipe, parse_order("tar_extract,pipe", "here"));
    EXPECT_EQ(recipe.console.input, "tar_extract\npipe\n");
    EXPECT_TRUE(recipe.console.is_input_kept());
    EXPECT_EQ(describe(order_of(recipe).value()), "tar_extract,pipe");
    EXPECT_EQ(recipe.program.arguments.size(), 3u);
}

TEST(suite_recipe, what_is_no_order_is_none)
{
    EXPECT_FALSE(order_of(recipe_of_arguments({"/suite", "--quick", "no-such-name"})));
    EXPECT_FALSE(order_of(recipe_of_arguments({"/suite", "-"})));
    EXPECT_FALSE(order_of(recipe_of_arguments({})));
    Recipe other = recipe_of_arguments({"sh", "-c", "pipe"});
    other.program.path = "sh";
    EXPECT_FALSE(order_of(other));
}

TEST(suite_recipe, culprit_and_victim_are_named)
{
    Steps const order = {"pipe", "stat", "tar_extract"};
    EXPECT_EQ(name_pair(order, 2), "pipe,stat -> tar_extract");
    EXPECT_EQ(name_pair(order, 0), "pipe alone");
    EXPECT_EQ(name_pair(order, 3), "pipe,stat,tar_extract, seen after the last benchmark");
    EXPECT_EQ(name_pair(order, 99), name_pair(order, 3));
}

}  // namespace
}  // namespace drydock::sim

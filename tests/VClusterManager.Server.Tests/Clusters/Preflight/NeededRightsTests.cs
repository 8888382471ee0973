using Shouldly;
using VClusterManager.Server.Clusters.Preflight;
using VClusterManager.Server.Kubernetes;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace VClusterManager.Server.Tests.Clusters.Preflight;

/// <summary>What the server asks for is what the manifest gives, and that is no more than it must be.</summary>
public sealed class NeededRightsTests
{
    private static readonly string File = Path.Combine(AppContext.BaseDirectory, "k8s", "rbac.yaml");

    [Fact]
    public void The_list_in_the_code_is_the_manifest()
    {
        var used = NeededRights.Used.SelectMany(rule => rule.Rights());
        var passedOn = NeededRights.PassedOn.SelectMany(rule => rule.Rights());

        used.ShouldBe(RightsOf("ClusterRole", "vcluster-manager"), ignoreOrder: true);
        passedOn.ShouldBe(RightsOf("ClusterRole", "vcluster-manager-grants"), ignoreOrder: true);
        NeededRights.Lease.Rights().ShouldBe(RightsOf("Role", "vcluster-manager"), ignoreOrder: true);
    }

    [Theory]
    [InlineData("*")]
    [InlineData("escalate")]
    [InlineData("bind")]
    [InlineData("impersonate")]
    public void No_rule_has_a_wildcard_or_a_verb_that_leads_further(string word) =>
        Roles()
            .SelectMany(role => Rules(role))
            .SelectMany(rule => Texts(rule, "apiGroups").Concat(Texts(rule, "resources")).Concat(Texts(rule, "verbs")))
            .ShouldNotContain(word);

    [Fact]
    public void No_rule_is_without_a_word_on_who_needs_it()
    {
        // Of rules that follow each other the first one's comment is for all that have none.
        var lines = System.IO.File.ReadAllLines(File);
        var firsts = lines.Index().Where(line => line.Item == "rules:").Select(line => lines[line.Index + 1].Trim());
        firsts.ShouldAllBe(line => line.StartsWith('#'));
        var used = lines.TakeWhile(line => !line.Contains("name: vcluster-manager-grants", StringComparison.Ordinal));
        used.Count(line => line.StartsWith("  # [", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
    }

    [Fact]
    public void All_accounts_and_roles_that_are_bound_are_in_the_manifest()
    {
        var bindings = Documents()
            .Where(document => Text(document, "kind")!.EndsWith("Binding", StringComparison.Ordinal));
        bindings
            .Select(binding => $"{Text(binding, "roleRef", "kind")} {Text(binding, "roleRef", "name")}")
            .ShouldBe(
                Roles().Select(role => $"{Text(role, "kind")} {Text(role, "metadata", "name")}"),
                ignoreOrder: true
            );
        bindings
            .Select(binding => (YamlMappingNode)((YamlSequenceNode)binding["subjects"]).Children.ShouldHaveSingleItem())
            .ShouldAllBe(subject =>
                $"{subject["kind"]} {subject["namespace"]}/{subject["name"]}"
                == "ServiceAccount vcluster-manager/vcluster-manager"
            );
    }

    private static IEnumerable<HostRight> RightsOf(string kind, string name)
    {
        var role = Roles().Single(role => Text(role, "kind") == kind && Text(role, "metadata", "name") == name);
        return Rules(role)
            .SelectMany(rule =>
                new RightsRule(
                    [.. Texts(rule, "apiGroups")],
                    [.. Texts(rule, "resources")],
                    [.. Texts(rule, "verbs")]
                ).Rights()
            );
    }

    private static IEnumerable<YamlMappingNode> Roles() =>
        Documents().Where(document => Text(document, "kind") is "Role" or "ClusterRole");

    private static IEnumerable<YamlMappingNode> Documents()
    {
        using var text = System.IO.File.OpenText(File);
        var stream = new YamlStream();
        stream.Load(text);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    private static IEnumerable<YamlMappingNode> Rules(YamlMappingNode role) =>
        ((YamlSequenceNode)role["rules"]).Children.Cast<YamlMappingNode>();

    private static IEnumerable<string> Texts(YamlMappingNode rule, string key) =>
        ((YamlSequenceNode)rule[key]).Children.Select(child => ((YamlScalarNode)child).Value!);

    private static string? Text(YamlNode node, params string[] path) =>
        ((YamlScalarNode)path.Aggregate(node, (inner, key) => inner[key])).Value;
}

using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace VClusterManager.EndToEnd.Tests.Rights;

/// <summary>
/// Each rule is taken away, and what it is for fails: the host refuses a request for want of that very right, and people
/// get to read it. A rule that is for nothing here fails the test.
/// </summary>
public sealed class RuleRemovalTests(RightsStage stage) : IClassFixture<RightsStage>
{
    private static readonly JsonObject EverySwitch = JsonNode
        .Parse(
            """
            {"sync":{"toHost":{"ingresses":{"enabled":true},"networkPolicies":{"enabled":true},
              "serviceAccounts":{"enabled":true},"podDisruptionBudgets":{"enabled":true}}}}
            """
        )!
        .AsObject();

    /// <summary>What to do without the rules of a role, by what they are about.</summary>
    private static readonly Dictionary<(string Role, string Rule), Scenario> Scenarios = new()
    {
        [(RightsHost.Used, "namespaces")] = Creates(),
        [(RightsHost.Used, "statefulsets, deployments")] = Starts,
        [(RightsHost.Used, "deployments")] = Deletes,
        [(RightsHost.Used, "pods")] = Starts,
        [(RightsHost.Used, "pods/log")] = Reads("logs?container=syncer"),
        [(RightsHost.Used, "pods/portforward")] = (stage, _) => Task.FromResult<Act>(stage.ThroughProxyAsync),
        [(RightsHost.Used, "secrets")] = Starts,
        [(RightsHost.Used, "services, serviceaccounts")] = Creates(),
        [(RightsHost.Used, "resourcequotas, limitranges")] = Creates(),
        [(RightsHost.Used, "persistentvolumeclaims")] = Starts,
        [(RightsHost.Used, "configmaps")] = (stage, _) => Task.FromResult<Act>(() => stage.ReadAsync("/api/orphans")),
        [(RightsHost.Used, "ingresses, networkpolicies")] = Leaves("Ingress", "NetworkPolicy"),
        [(RightsHost.Used, "poddisruptionbudgets")] = Leaves("PodDisruptionBudget"),
        [(RightsHost.Used, "daemonsets")] = Deletes,
        [(RightsHost.Used, "jobs, cronjobs")] = Deletes,
        [(RightsHost.Used, "events")] = Starts,
        [(RightsHost.Used, "roles, rolebindings, clusterroles, clusterrolebindings")] = Creates(),
        [(RightsHost.Used, "storageclasses")] = Starts,
        [(RightsHost.Used, "leases")] = Starts,
        [(RightsHost.Endpoints, "nodes, namespaces, pods, events")] = Asks("nodes"),
        [(RightsHost.Endpoints, "pods, pods/log")] = Asks("namespaces/vcluster-stage/pods/stage-0/logs"),
        [(RightsHost.Endpoints, "deployments, statefulsets, daemonsets")] = Asks(
            "namespaces/vcluster-stage/rollouts/statefulset/stage"
        ),
    };

    private delegate Task<string> Act();

    /// <summary>Gets ready as long as the rule is there; what it returns is done without it.</summary>
    private delegate Task<Act> Scenario(RightsStage stage, RightsRule rule);

    public static TheoryData<string, string> Rules => new(Scenarios.Keys);

    [Fact]
    public void Every_rule_has_its_scenario() =>
        stage
            .Roles.Where(role => role.Name != RightsHost.PassedOn)
            .SelectMany(role => role.Rules, (role, rule) => (role.Name, rule.Title))
            .ShouldBe(Scenarios.Keys, ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Without_a_rule_what_it_is_for_is_refused(string role, string title)
    {
        var rule = stage.Roles.SelectMany(one => one.Name == role ? one.Rules : []).Single(one => one.Title == title);
        var rights = rule.Rights.ToHashSet();
        var act = await Scenarios[(role, title)](stage, rule);

        var (told, refused) = await WithoutAsync(
            // Rights that another role has as well are taken from there, too.
            stage.Roles.Select(one => one.Without(rights)),
            act
        );

        refused.Intersect(rights).ShouldNotBeEmpty(told);
        rule.Resources.ShouldContain(resource => told.Contains(resource, StringComparison.Ordinal), told);
    }

    [Fact]
    public async Task Without_a_rule_that_is_passed_on_no_cluster_can_be_made()
    {
        var grants = stage.Roles.Single(one => one.Name == RightsHost.PassedOn);
        foreach (var rule in grants.Rules)
        {
            var (told, _) = await WithoutAsync(
                [grants.Without(rule)],
                () => stage.CreateAsync(EverySwitch.DeepClone().AsObject())
            );

            told.ShouldStartWith("Failed", customMessage: rule.Title);
            told.ShouldContain("attempting to grant RBAC permissions not currently held", customMessage: rule.Title);
            rule.Resources.ShouldContain(
                resource => told.Contains($"\"{resource}\"", StringComparison.Ordinal),
                $"{rule.Title}:\n{told}"
            );
        }
    }

    private async Task<(string Told, IReadOnlyList<string> Refused)> WithoutAsync(IEnumerable<RoleRules> roles, Act act)
    {
        await stage.Host.WriteAsync(roles);
        try
        {
            await stage.Host.Control.ForgetRightsAsync();
            var told = await act();
            var needed = await stage.Host.Control.RightsAsync();
            return (told, [.. needed.Where(right => !right.Allowed).Select(right => right.ToString())]);
        }
        finally
        {
            await stage.Host.WriteAsync(stage.Roles);
        }
    }

    private static Task<Act> Starts(RightsStage stage, RightsRule rule) =>
        Task.FromResult<Act>(() => stage.StartAsync(rule));

    private static async Task<Act> Deletes(RightsStage stage, RightsRule rule)
    {
        var place = stage.NewPlace();
        await stage.MakeAsync(place);
        return () => stage.DeleteAsync(place);
    }

    private static Scenario Creates() => (stage, _) => Task.FromResult<Act>(() => stage.CreateAsync());

    private static Scenario Leaves(params string[] kinds) =>
        async (stage, rule) =>
        {
            var place = stage.NewPlace();
            await stage.MakeInForeignNamespaceAsync(place, kinds);
            return () => stage.DeleteAndLookAsync(place, rule);
        };

    private static Scenario Reads(string path) =>
        (stage, _) => Task.FromResult<Act>(() => stage.ReadAsync($"/api/clusters/{stage.Cluster.Name}/{path}"));

    private static Scenario Asks(string path) =>
        (stage, _) => Task.FromResult<Act>(() => stage.ReadAsync($"/api/dynamic/{path}"));
}

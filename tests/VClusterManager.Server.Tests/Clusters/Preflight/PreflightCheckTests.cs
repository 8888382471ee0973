using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using VClusterManager.Server.Clusters.Preflight;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Kubernetes;
using VClusterManager.Server.Tests.Kubernetes;
using VClusterManager.Server.Tests.TestHost;
using Xunit;
using static VClusterManager.Server.Tests.Kubernetes.ScriptedHost;

namespace VClusterManager.Server.Tests.Clusters.Preflight;

/// <summary>The host is asked what the manager may do, and its answers are put into words.</summary>
public sealed class PreflightCheckTests
{
    private const string RulesReview = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    private const string AccessReview = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly ManagerOptions Options = TestOptions.Over(
        new DatabaseOptions
        {
            Kind = DatabaseKind.Sqlite,
            ConnectionString = "",
            File = null,
            ListenConnectionString = null,
        }
    );

    private static readonly HostRight[] Needed =
    [
        .. NeededRights.All(Options.Kubernetes).Select(one => one.Right with { Namespace = null }).Distinct(),
    ];

    [Fact]
    public async Task With_all_rights_nothing_is_missing_and_one_question_is_enough_for_those_that_hold_everywhere()
    {
        await using var world = await EmulatedWorld.StartAsync();
        using var account = await HostAccount.MakeAsync(world, Needed);
        var check = CheckOf(account.Api);

        (await check.LookAsync(Cancellation)).ShouldBeTrue();

        check.MissingRights.ShouldBeNull();
        check.NoVolumes.ShouldBeNull();
    }

    [Fact]
    public async Task Each_right_that_is_missing_is_noticed_by_itself_and_forgotten_when_it_is_given()
    {
        await using var world = await EmulatedWorld.StartAsync();
        using var account = await HostAccount.MakeAsync(world, Needed);
        var check = CheckOf(account.Api);
        foreach (var right in Needed.Where((_, i) => i % 7 == 0))
        {
            await account.MayAsync(Needed.Except([right]));

            (await check.LookAsync(Cancellation)).ShouldBeFalse();
            var problem = check.MissingRights.ShouldNotBeNull();
            problem.ShouldStartWith($"The service account may not {right.Verb} {right.Resource.Split('/')[0]}");
            problem.ShouldContain(right.Resource.Contains("leases") ? "in namespace default:" : "in all namespaces:");
            problem.ShouldEndWith("Apply k8s/rbac.yaml.");
        }

        await account.MayAsync(Needed);
        (await check.LookAsync(Cancellation)).ShouldBeTrue();
        check.MissingRights.ShouldBeNull();
    }

    [Fact]
    public async Task A_right_to_some_names_is_none_to_all_and_a_wildcard_is_one()
    {
        await using var world = await EmulatedWorld.StartAsync();
        using var account = await HostAccount.MakeAsync(world, [new("*", "*", "*")]);
        (await CheckOf(account.Api).LookAsync(Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_missing_default_StorageClass_is_told()
    {
        await using var world = await EmulatedWorld.StartAsync();
        var check = CheckOf(world.Api);
        var path = HostResource.StorageClass.Object(null, "standard");
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = null } };
        (await world.Api.WriteAsync(HttpMethod.Patch, path, patch, Cancellation)).ShouldBeOfType<HostWrite.Done>();

        (await check.LookAsync(Cancellation)).ShouldBeFalse();

        check.NoVolumes.ShouldBe(PreflightReport.NoStorageClass);
        check.MissingRights.ShouldBeNull();
    }

    [Theory]
    [InlineData(403)]
    [InlineData(503)]
    public async Task What_cannot_be_asked_is_not_missing(int code)
    {
        await using var host = await ScriptedHost.StartAsync();
        host.On(RulesReview, watch: false, Status(code, "not now"));
        var check = CheckOf(host.Api);

        (await check.LookAsync(Cancellation)).ShouldBeFalse();

        check.MissingRights.ShouldBeNull();
        check.NoVolumes.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_review_leaves_out_is_asked_for_by_itself()
    {
        await using var host = await ScriptedHost.StartAsync();
        host.On(RulesReview, watch: false, Json("""{"status":{"resourceRules":[],"incomplete":true}}"""));
        host.On(AccessReview, watch: false, Json("""{"status":{"allowed":true}}"""));
        var rights = new HostRights(host.Api);

        var missing = await rights.MissingAsync(Needed, Cancellation);

        missing.ShouldBeOfType<HostAnswer<IReadOnlyList<HostRight>>.Found>().Value.ShouldBeEmpty();
        host.Requests.Count(request => request.Contains(AccessReview, StringComparison.Ordinal))
            .ShouldBe(Needed.Length);
    }

    [Fact]
    public async Task A_no_of_somebody_who_could_not_find_out_is_none()
    {
        await using var host = await ScriptedHost.StartAsync();
        host.On(RulesReview, watch: false, Json("""{"status":{"resourceRules":[],"incomplete":true}}"""));
        host.On(
            AccessReview,
            watch: false,
            Json("""{"status":{"allowed":false,"evaluationError":"webhook: connection refused"}}""")
        );

        var missing = await new HostRights(host.Api).MissingAsync(Needed, Cancellation);

        missing.ShouldBeOfType<HostAnswer<IReadOnlyList<HostRight>>.Unreadable>().Forbidden.ShouldBeFalse();
    }

    private static PreflightCheck CheckOf(HostApi api) =>
        new(
            new HostRights(api),
            new HostReads(api, new HostView()),
            Options,
            TimeProvider.System,
            NullLogger<PreflightCheck>.Instance
        );
}

using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.Storage;
using VClusterManager.Server.Webhooks.Bitbucket;
using VClusterManager.Server.Webhooks.Feedback;
using VClusterManager.Server.Webhooks.GitHub;
using VClusterManager.Server.Webhooks.GitLab;
using Xunit;

namespace VClusterManager.Server.Tests.Webhooks;

/// <summary>What providers' APIs answer, and what is made of it.</summary>
public sealed class ProviderApiTests : IAsyncDisposable
{
    private static readonly CommitStatus s_status = new(CommitState.Success, "vcluster-manager", "It runs");

    private readonly ProviderStandIn _providers = new();
    private readonly ServiceProvider _http = new ServiceCollection().AddHttpClient().BuildServiceProvider();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _providers.DisposeAsync();
    }

    [Fact]
    public async Task A_repository_that_was_renamed_or_moved_cannot_be_seen_under_its_old_name()
    {
        Shows("acme/shop", GitHubDeliveries.Of("acme/store", 12, "opened", 1));
        (await GetAsync("acme/shop")).ShouldBeNull("what is not seen changes nothing");

        Shows("acme/shop", GitHubDeliveries.Of("Acme/Shop", 12, "opened", 1));
        (await GetAsync("acme/shop")).ShouldNotBeNull().IsFork.ShouldBeFalse("capitals do not matter");
    }

    [Fact]
    public async Task What_GitHub_shows_comes_of_a_fork_when_its_commits_are_of_another_repository()
    {
        Shows("acme/shop", GitHubDeliveries.Of("acme/shop", 12, "opened", 1));
        (await GetAsync("acme/shop"))!.IsFork.ShouldBeFalse();

        Shows("acme/shop", GitHubDeliveries.Of("acme/shop", 12, "opened", 1, fork: true));
        (await GetAsync("acme/shop"))!.IsFork.ShouldBeTrue();

        var orphaned = GitHubDeliveries.Of("acme/shop", 12, "opened", 1);
        orphaned["pull_request"]!["head"]!["repo"] = null;
        Shows("acme/shop", orphaned);
        (await GetAsync("acme/shop"))!.IsFork.ShouldBeTrue("the fork was deleted");
    }

    [Theory]
    [InlineData(401, "", true, false)]
    [InlineData(403, "", false, false)]
    [InlineData(403, "Retry-After: 7", true, false)]
    [InlineData(403, "X-RateLimit-Remaining: 0", true, false)]
    [InlineData(409, "", false, false)]
    [InlineData(422, "", false, true)]
    [InlineData(429, "", true, false)]
    [InlineData(500, "", true, false)]
    [InlineData(503, "Retry-After: 7", true, false)]
    public async Task A_failure_is_of_one_pull_request_or_of_the_provider_and_may_pass_or_not(
        int status,
        string header,
        bool isForAll,
        bool isFinal
    )
    {
        _providers.Fault = http =>
        {
            if (header.Split(": ") is [var name, var value])
            {
                http.Response.Headers[name] = value;
            }

            return status;
        };
        foreach (var api in Apis(_providers.For))
        {
            var failure = await Should.ThrowAsync<ProviderException>(
                api.SetStatusAsync(Pull(), s_status, Cancellation)
            );

            (failure.IsForAll, failure.IsFinal).ShouldBe((isForAll, isFinal), $"{api.Provider} {failure}");
        }
    }

    [Fact]
    public async Task Who_is_not_there_is_not_there_for_anybody()
    {
        foreach (var api in Apis(_ => new Uri("http://127.0.0.1:1/")))
        {
            var failure = await Should.ThrowAsync<ProviderException>(
                api.SetStatusAsync(Pull(), s_status, Cancellation)
            );

            (failure.IsForAll, failure.IsFinal).ShouldBe((true, false), api.Provider);
        }
    }

    [Fact]
    public async Task Bitbucket_Cloud_gets_a_key_that_is_no_longer_than_it_takes()
    {
        var api = Apis(_providers.For).Single(one => one.Provider == BitbucketCloudProvider.ProviderName);
        var (first, second) = ($"vcluster-manager/{new string('x', 40)}1", $"vcluster-manager/{new string('x', 40)}2");
        foreach (var context in (string[])["vcluster-manager/rest", first, second, first])
        {
            await api.SetStatusAsync(Pull(), s_status with { Context = context }, Cancellation);
        }

        var told = _providers.Statuses.ToList();
        told.Select(status => status.Context).ShouldBe(["vcluster-manager/rest", first, second, first]);
        told.ShouldAllBe(status => status.Key!.Length <= 40);
        told[0].Key.ShouldBe("vcluster-manager/rest");
        told[1].Key!.ShouldStartWith("vcluster-manager/");
        told[1].Key.ShouldNotBe(told[2].Key);
        told[1].Key.ShouldBe(told[3].Key);
    }

    private static PullRequestRow Pull(string repository = "acme/shop") =>
        RuleTests.Pull(pull => pull.Repository = repository);

    private void Shows(string repository, JsonObject delivery) =>
        _providers.PullRequests[$"/github/repos/{repository}/pulls/12"] = delivery["pull_request"]!
            .DeepClone()
            .AsObject();

    private Task<Server.Webhooks.PullRequestFacts?> GetAsync(string repository) =>
        Apis(_providers.For)[0].GetAsync(Pull(repository), Cancellation);

    private IReadOnlyList<IPullRequestApi> Apis(Func<string, Uri> address)
    {
        var clients = _http.GetRequiredService<IHttpClientFactory>();
        WebhookOptions options = new()
        {
            GitHubApi = Api("github"),
            BitbucketApi = Api("bitbucket"),
            BitbucketServerApi = Api("bitbucket_server"),
            GitLabApi = Api("gitlab"),
        };
        return
        [
            new GitHubApi(options, _http.GetRequiredService<IHttpMessageHandlerFactory>(), TimeProvider.System),
            new BitbucketCloudApi(options, clients),
            new BitbucketServerApi(options, clients),
            new GitLabApi(options, clients),
        ];

        ProviderApiOptions Api(string provider) => new(address(provider), ProviderStandIn.Token, null);
    }
}

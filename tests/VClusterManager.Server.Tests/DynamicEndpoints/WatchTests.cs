using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VClusterManager.Server.Configuration;
using VClusterManager.Server.DynamicEndpoints.Serving;
using VClusterManager.Server.Http.OpenApi;
using VClusterManager.Server.Observability;
using Xunit;

namespace VClusterManager.Server.Tests.DynamicEndpoints;

/// <summary>The file is looked at; each look is made by hand here.</summary>
public sealed class WatchTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vcm-watch-").FullName;
    private readonly List<WebApplication> _apps = [];

    private string FilePath => Path.Combine(_folder, "endpoints.yaml");

    [Fact]
    public async Task A_bad_file_stops_the_start_with_all_that_is_wrong()
    {
        Write("/one", "args: [exec, x]\ncolour: red");

        var refused = await Should.ThrowAsync<EndpointsRefusedException>(() => StartAsync());

        refused.Errors.Count.ShouldBe(2);
        refused.Errors.ShouldAllBe(e => e.StartsWith($"{FilePath}:"));
    }

    [Fact]
    public async Task A_file_that_is_named_must_be_there_and_the_one_that_is_not_need_not()
    {
        (await Should.ThrowAsync<EndpointsRefusedException>(() => StartAsync()))
            .Errors.Single()
            .ShouldContain("no such file");

        var (source, watch) = await StartAsync(named: false);
        source.Definitions.ShouldBeEmpty();
        watch.LookAgain();
        watch.Problem.ShouldBeNull();
        Write("/one");
        watch.LookAgain();
        watch.LookAgain();
        source.Definitions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Switched_off_it_reads_nothing()
    {
        Write("/one", "colour: red");

        var (source, _) = await StartAsync(enabled: false);

        source.Definitions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_text_is_served_when_it_has_been_seen_twice()
    {
        Write("/one");
        var (source, watch) = await StartAsync();

        Write("/two");
        watch.LookAgain();
        PathsOf(source).ShouldBe(["/api/dynamic/one"]);
        watch.LookAgain();

        PathsOf(source).ShouldBe(["/api/dynamic/two"]);
        source.GetChangeToken().HasChanged.ShouldBeFalse();
    }

    [Fact]
    public async Task A_bad_reload_keeps_what_was_and_says_why_until_it_is_mended()
    {
        Write("/one");
        var (source, watch) = await StartAsync();

        Write("/two", "colour: red");
        watch.LookAgain();
        watch.LookAgain();
        PathsOf(source).ShouldBe(["/api/dynamic/one"]);
        watch.Problem.ShouldNotBeNull().ShouldContain("colour: is not known here");
        _apps[0].Services.GetServices<ReadinessProblem>().Select(p => p()).ShouldContain(watch.Problem);

        Write("/one");
        watch.LookAgain();
        watch.LookAgain();
        watch.Problem.ShouldBeNull();

        File.Delete(FilePath);
        watch.LookAgain();
        watch.Problem.ShouldBeNull();
        watch.LookAgain();
        PathsOf(source).ShouldBe(["/api/dynamic/one"]);
        watch.Problem.ShouldNotBeNull().ShouldContain("no such file");
    }

    [Theory]
    [InlineData("")]
    [InlineData("endpoints:\n")]
    public async Task A_file_that_was_emptied_takes_nothing_away(string text)
    {
        Write("/one");
        var (source, watch) = await StartAsync();

        await File.WriteAllTextAsync(FilePath, text, TestContext.Current.CancellationToken);
        watch.LookAgain();
        watch.LookAgain();

        PathsOf(source).ShouldBe(["/api/dynamic/one"]);
        watch.Problem.ShouldNotBeNull().ShouldContain("is empty");
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_without_an_end_is_not_read_to_its_end()
    {
        Write("/one");
        var (source, watch) = await StartAsync();

        File.Delete(FilePath);
        File.CreateSymbolicLink(FilePath, "/dev/zero");
        await Task.Run(watch.LookAgain, TestContext.Current.CancellationToken);
        await Task.Run(watch.LookAgain, TestContext.Current.CancellationToken);

        PathsOf(source).ShouldBe(["/api/dynamic/one"]);
        watch.Problem.ShouldNotBeNull().ShouldContain("larger than 1 MiB");
    }

    [Fact]
    public async Task The_links_of_a_ConfigMap_are_followed_when_they_are_turned()
    {
        // As kubelet does it: the file is a link through a link to a folder, and that one is replaced by a rename.
        Folder("..one", "/one");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "..one");
        File.CreateSymbolicLink(FilePath, Path.Combine("..data", "endpoints.yaml"));
        var (source, watch) = await StartAsync();
        PathsOf(source).ShouldBe(["/api/dynamic/one"]);

        Folder("..two", "/two");
        // The same times: only the text tells them apart.
        File.SetLastWriteTimeUtc(
            Path.Combine(_folder, "..two", "endpoints.yaml"),
            File.GetLastWriteTimeUtc(Path.Combine(_folder, "..one", "endpoints.yaml"))
        );
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data_tmp"), "..two");
        using (
            var rename = Process.Start(
                "mv",
                ["-T", Path.Combine(_folder, "..data_tmp"), Path.Combine(_folder, "..data")]
            )
        )
        {
            await rename.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        Directory.Delete(Path.Combine(_folder, "..one"), recursive: true);
        watch.LookAgain();
        watch.LookAgain();

        PathsOf(source).ShouldBe(["/api/dynamic/two"]);
    }

    [Fact]
    public async Task An_endpoint_that_stays_the_same_is_the_same_and_routes_change_at_once()
    {
        Write("/one");
        var (source, watch) = await StartAsync();
        var told = 0;
        source.GetChangeToken().RegisterChangeCallback(_ => told = source.Endpoints.Count, null);

        await File.AppendAllTextAsync(
            FilePath,
            EndpointFiles.With("name: two\npath: /two").Replace("endpoints:\n", "", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );
        watch.LookAgain();
        watch.LookAgain();

        told.ShouldBe(2, "who is told finds the new ones");
    }

    [Fact]
    public async Task The_description_of_the_API_follows()
    {
        Write("/one");
        var (_, watch) = await StartAsync();
        (await DescriptionAsync()).ShouldContain("/api/dynamic/one");

        Write("/two");
        watch.LookAgain();
        watch.LookAgain();

        (await DescriptionAsync()).ShouldContain("/api/dynamic/two");
        (await DescriptionAsync()).ShouldNotContain("/api/dynamic/one");
    }

    [Fact]
    public void What_the_check_of_a_configuration_says_is_what_would_stop_the_start()
    {
        var options = new DynamicEndpointsOptions { File = FilePath, IsNamed = true };
        EndpointsWatch.Check(options).Single().ShouldContain("no such file");
        EndpointsWatch.Check(options with { IsNamed = false }).ShouldBeEmpty();
        Write("/one", "colour: red");
        EndpointsWatch.Check(options).Single().ShouldContain("endpoints.yaml:7: endpoints[0].colour");
        EndpointsWatch.Check(options with { Enabled = false }).ShouldBeEmpty();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(EndpointSource Source, EndpointsWatch Watch)> StartAsync(bool named = true, bool enabled = true)
    {
        var app = ServerBuilder.Build(
            ConfigurationLoader.Defaults() with
            {
                DynamicEndpoints = new DynamicEndpointsOptions
                {
                    Enabled = enabled,
                    File = FilePath,
                    IsNamed = named,
                },
            }
        );
        _apps.Add(app);
        var watch = app.Services.GetRequiredService<EndpointsWatch>();
        await watch.StartingAsync(TestContext.Current.CancellationToken);
        return (app.Services.GetRequiredService<EndpointSource>(), watch);
    }

    private async Task<string> DescriptionAsync() =>
        System.Text.Encoding.UTF8.GetString(await ApiDocumentFile.DescribeAsync(_apps[0]));

    private static IEnumerable<string?> PathsOf(EndpointSource source) =>
        source.Endpoints.OfType<RouteEndpoint>().Select(e => e.RoutePattern.RawText);

    private void Write(string path, string fields = "") => File.WriteAllText(FilePath, Text(path, fields));

    private void Folder(string name, string path)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "endpoints.yaml"), Text(path, ""));
    }

    private static string Text(string path, string fields) => EndpointFiles.With($"path: {path}\n{fields}");
}

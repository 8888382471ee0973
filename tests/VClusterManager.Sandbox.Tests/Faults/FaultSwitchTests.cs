using VClusterManager.Sandbox.Faults;
using VClusterManager.Sandbox.Running;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Faults;

/// <summary>Every fault, whatever it does, is switched in the same ways.</summary>
public sealed class FaultSwitchTests(SandboxHost sandbox) : IClassFixture<SandboxHost>
{
    public static TheoryData<string> All => new(FaultNames.All);

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_fault_is_switched_on_and_off_for_all_and_for_one_cluster_while_it_runs(string name)
    {
        using var control = new HttpClient { BaseAddress = sandbox.Host.ControlUrl };
        var board = sandbox.Host.Faults;
        const string one = "namespace=n&name=one";

        (await control.PutAsync($"/faults/{name}?value={ValueFor(name)}&{one}", null)).EnsureSuccessStatusCode();
        board.IsOn(name, "n", "one").ShouldBeTrue();
        board.IsOn(name, "n", "other").ShouldBeFalse();
        (await control.DeleteAsync($"/faults/{name}?{one}")).EnsureSuccessStatusCode();
        board.IsOn(name, "n", "one").ShouldBeFalse();

        (await control.PutAsync($"/faults/{name}?value={ValueFor(name)}", null)).EnsureSuccessStatusCode();
        board.Find(name, "any", "cluster").ShouldBe(ValueFor(name));
        (await control.DeleteAsync($"/faults/{name}")).EnsureSuccessStatusCode();
        board.IsOn(name, "any", "cluster").ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_fault_can_be_on_from_the_start(string name)
    {
        var (options, error) = SandboxOptions.Parse(["--fault", $"{name}={ValueFor(name)}"]);
        error.ShouldBeNull();
        options!.Faults[name].ShouldBe(ValueFor(name));
    }

    [Fact]
    public async Task What_is_on_from_the_start_can_be_switched_off()
    {
        var faults = new Dictionary<string, string> { ["slow-start"] = "1h" };
        await using var own = await FreshHost.StartAsync(new EmulatedHostOptions { Faults = faults });
        using var control = new HttpClient { BaseAddress = own.Sandbox.Host.ControlUrl };
        await own.Sandbox.InstallAsync("late", "demo");
        await SandboxHost.EventuallyAsync(
            own.Sandbox.Admin,
            "/api/v1/namespaces/late/pods/demo-0",
            pod => pod.Text("status", "phase") == "Running"
        );

        await control.DeleteAsync("/faults/slow-start");

        await own.Sandbox.KubeconfigAsync("late", "demo");
    }

    [Fact]
    public void The_documentation_names_every_fault_and_no_other()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VClusterManager.slnx")))
        {
            folder = folder.Parent!;
        }

        var documented = File.ReadLines(Path.Combine(folder.FullName, "docs", "sandbox.md"))
            .SkipWhile(line => !line.StartsWith("| fault |", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('`')[1]);
        documented.ShouldBe(FaultNames.All);
    }

    private static string ValueFor(string name) =>
        name switch
        {
            "slow-start" or "api-latency" => "1ms",
            "api-away" => "503",
            "cli-hang" => "middle",
            "cli-crash" => "half",
            "cli-slow" => "1",
            _ => "",
        };
}

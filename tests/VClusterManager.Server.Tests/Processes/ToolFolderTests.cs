using Shouldly;
using VClusterManager.Server.Processes;
using Xunit;

namespace VClusterManager.Server.Tests.Processes;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ToolFolderTests : IDisposable
{
    private readonly ToolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Only_this_user_can_read_what_lies_in_it()
    {
        await using var folder = _bench.Runner.CreateFolder();

        var file = folder.Write("home/.vcluster/config.json", "{}");

        file.ShouldBe(Path.Combine(folder.Root, "home", ".vcluster", "config.json"));
        File.ReadAllText(file).ShouldBe("{}");
        File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach (var path in (string[])[folder.Root, folder.Home, folder.Temporary, folder.Work])
        {
            File.GetUnixFileMode(path)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Theory]
    [InlineData("../escaped")]
    [InlineData("home/../../escaped")]
    [InlineData("/etc/escaped")]
    public async Task Nothing_is_written_outside_of_it(string name)
    {
        await using var folder = _bench.Runner.CreateFolder();

        Should.Throw<ArgumentException>(() => folder.Write(name, ""));
    }

    [Fact]
    public async Task It_is_gone_afterwards_with_all_that_tools_left_in_it()
    {
        var folder = _bench.Runner.CreateFolder();
        await _bench.Runner.RunAsync(
            folder,
            ToolBench.Script("mkdir -p \"$HOME/.cache/x\"; echo secret > \"$TMPDIR/123\"; chmod 500 \"$HOME/.cache\""),
            CancellationToken.None
        );
        Directory.EnumerateFiles(folder.Temporary).ShouldNotBeEmpty();

        await folder.DisposeAsync();

        Directory.Exists(folder.Root).ShouldBeFalse();
    }

    [Fact]
    public async Task Every_call_has_its_own_home_temporary_and_working_folder()
    {
        var first = await _bench.RunAsync(ToolBench.Script("echo $HOME $TMPDIR; pwd; ls -A"));
        var second = await _bench.RunAsync(ToolBench.Script("echo $HOME $TMPDIR; pwd; ls -A"));

        first.Output.ShouldStartWith(_bench.Parent);
        first.Output.Split('\n').Length.ShouldBe(3, "the working folder is empty");
        second.Output.ShouldNotBe(first.Output);
    }

    [Fact]
    public async Task A_server_that_starts_removes_what_dead_ones_left_and_leaves_the_living_alone()
    {
        await using var living = _bench.Runner.CreateFolder();
        var dead = Path.Combine(_bench.Parent, "vcluster-manager-dead");
        Directory.CreateDirectory(Path.Combine(dead, "000001", "home"));
        File.WriteAllText(Path.Combine(dead, ".lock"), "");
        // A tool of the dead server that still runs.
        using var orphan = new System.Diagnostics.Process
        {
            StartInfo = new("/bin/sleep", "300") { Environment = { ["HOME"] = Path.Combine(dead, "000001", "home") } },
        };
        orphan.Start();

        using var server = new ServerFolder(_bench.Parent, TimeProvider.System);

        Directory.Exists(dead).ShouldBeFalse();
        Directory.Exists(living.Root).ShouldBeTrue();
        await orphan
            .WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        orphan.ExitCode.ShouldBe(137);
    }

    [Fact]
    public void A_folder_that_is_just_being_made_is_left_alone()
    {
        var young = Directory.CreateDirectory(Path.Combine(_bench.Parent, "vcluster-manager-young")).FullName;
        var old = Directory.CreateDirectory(Path.Combine(_bench.Parent, "vcluster-manager-old")).FullName;
        Directory.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().AddMinutes(-5).UtcDateTime);

        using var server = new ServerFolder(_bench.Parent, TimeProvider.System);

        Directory.Exists(young).ShouldBeTrue();
        Directory.Exists(old).ShouldBeFalse();
    }
}

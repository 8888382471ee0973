using System.Diagnostics;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Tests.TestHost;

namespace VClusterManager.Sandbox.Tests.Running;

public sealed class SandboxProgramTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandbox-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_host_alone_tells_where_it_is_and_leaves_nothing_behind()
    {
        var stateFile = Path.Combine(_folder.FullName, "state.json");
        using var program = Start("--host-only", "--state", stateFile);
        var state = await StateAsync(program, stateFile);
        using var client = SandboxHost.ClientFor(await File.ReadAllTextAsync(state.Text("kubeconfig")!));
        (await client.GetJsonAsync("/version")).Text("major").ShouldBe("1");
        using var control = new HttpClient { BaseAddress = new Uri(state.Text("control_url")!) };
        (await control.GetJsonAsync("/requests?path=/version")).Text("total").ShouldBe("1");

        await EndAsync(program);

        program.ExitCode.ShouldBe(0);
        File.Exists(stateFile).ShouldBeFalse();
        File.Exists(state.Text("kubeconfig")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("exit 3", "the manager could not hash a password: exit code 3")]
    [InlineData(
        "if [ \"$1\" = hash-password ]; then read -r password; echo a-hash; else exit 3; fi",
        "the manager ended with exit code 3 before it answered"
    )]
    public async Task A_manager_that_ends_before_it_answers_ends_the_sandbox_with_an_error(string script, string why)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var server = Path.Combine(_folder.FullName, "manager");
        await File.WriteAllTextAsync(server, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(server, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        using var program = Start("--server", server);
        await program.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);

        program.ExitCode.ShouldBe(1);
        (await program.StandardError.ReadToEndAsync()).ShouldContain(why);
    }

    private static Process Start(params string[] arguments)
    {
        var assembly = typeof(EmulatedHost).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    private static async Task<JsonObject> StateAsync(Process program, string file)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!File.Exists(file))
        {
            program.HasExited.ShouldBeFalse();
            TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(Patience);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(file))!;
    }

    private static async Task EndAsync(Process program)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{program.Id}"]);
        await program.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);
    }
}

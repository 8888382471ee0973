using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Running;

/// <summary>
/// One run of the sandbox: the emulated host first, then the manager on top of it; then the addresses are told, and
/// it goes on until it is asked to stop or the manager ends. A temporary folder is removed at the end.
/// </summary>
internal sealed class SandboxRun(SandboxOptions options, TextWriter output)
{
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var folder = options.Data ?? Directory.CreateTempSubdirectory("vcluster-manager-sandbox-").FullName;
        try
        {
            return await RunAsync(folder, stop);
        }
        finally
        {
            if (options.StateFile is { } state)
            {
                File.Delete(state);
            }

            if (options.Data is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private async Task<int> RunAsync(string folder, CancellationToken stop)
    {
        await using var host = await EmulatedHost.StartAsync(
            new EmulatedHostOptions
            {
                Port = options.ApiPort,
                ControlPort = options.ControlPort,
                ReadyDelay = options.ReadyDelay,
                Faults = options.Faults,
                DataDirectory = options.Data is null ? null : Path.Combine(folder, "host"),
            },
            stop
        );
        var config = new ServerConfig(folder, PortOr(options.Port), PortOr(options.TlsPort));
        var executable = options.Server ?? BuildPaths.Server;
        var login = await AdminLogin.OfAsync(folder, options.HostOnly ? null : executable, stop);
        config.Write(host, login);
        if (options.HostOnly)
        {
            Tell(host, config, login);
            await WaitAsync(stop);
            return 0;
        }

        await using var server = await ServerProcess.StartAsync(executable, config, stop);
        Tell(host, config, login);
        var ended = server.ExitAsync();
        if (await Task.WhenAny(ended, WaitAsync(stop)) != ended)
        {
            return 0;
        }

        throw new SandboxException($"the manager ended by itself with exit code {await ended}");
    }

    private void Tell(EmulatedHost host, ServerConfig config, AdminLogin login)
    {
        if (options.StateFile is { } path)
        {
            WriteState(path, host, config, login);
        }

        output.WriteLine(options.HostOnly ? Greeting.ForHost(host, config) : Greeting.ForManager(host, config, login));
    }

    private void WriteState(string path, EmulatedHost host, ServerConfig config, AdminLogin login)
    {
        var state = new JsonObject
        {
            ["url"] = options.HostOnly ? null : config.Url.GetLeftPart(UriPartial.Authority),
            ["tls_url"] = options.HostOnly ? null : config.TlsUrl.GetLeftPart(UriPartial.Authority),
            ["admin_key"] = options.HostOnly ? null : login.Key,
            ["admin_password"] = login.NewPassword,
            ["kubeconfig"] = config.KubeconfigFile,
            ["ca"] = config.AuthorityFile,
            ["config"] = config.ConfigFile,
            ["vcluster"] = BuildPaths.VCluster,
            ["helm"] = BuildPaths.Helm,
            ["control_url"] = host.ControlUrl.GetLeftPart(UriPartial.Authority),
            ["api_url"] = host.Url.GetLeftPart(UriPartial.Authority),
        };
        var fresh = path + ".new";
        File.WriteAllBytes(fresh, GoJson.Pretty(state));
        File.Move(fresh, path, overwrite: true);
    }

    private static int PortOr(int asked) => asked == 0 ? FreePort.Find() : asked;

    private static Task WaitAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stop.Register(stopped.SetResult);
        return stopped.Task;
    }
}

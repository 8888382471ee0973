using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using VClusterManager.Sandbox.Containers;
using VClusterManager.Sandbox.Containers.Programs;
using VClusterManager.Sandbox.Json;

namespace VClusterManager.Sandbox.Api.Exec;

/// <summary>
/// <c>kubectl exec</c> and <c>attach</c> over WebSocket. What is wrong with the request is refused before the upgrade;
/// what goes wrong afterwards is told on the channel for errors, where also the exit code comes last.
/// </summary>
internal static class ExecRequests
{
    /// <summary>How long the client may take to close its side.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);

    private static readonly string[] Protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

    public static async Task AnswerAsync(ResourceRequest request)
    {
        var pod = request.Cluster.Registry.Get(request.Resource, request.Namespace, request.Info.Name);
        var container = PodContainers.Choose(pod, request.Query["container"].ToString());
        var options = StreamOptions.Of(request);
        var sockets = request.Http.WebSockets;
        var protocol = sockets.WebSocketRequestedProtocols.FirstOrDefault(Protocols.Contains);
        if (!sockets.IsWebSocketRequest || protocol is null)
        {
            throw Refusals.BadRequest("Upgrade request required");
        }

        using var socket = await sockets.AcceptWebSocketAsync(protocol);
        using var channels = new ExecChannels(socket, options.Terminal);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            request.Http.RequestAborted,
            request.Cluster.Stopping
        );
        try
        {
            var inside = PodContainers.IsRunning(pod, container) ? request.Cluster.Containers.Of(pod, container) : null;
            await (
                inside is null
                    ? RefuseAsync(channels, options, container.Text("name") ?? "", ending.Token)
                    : RunAsync(request, channels, options, inside, ending.Token)
            );
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client went, or the cluster goes.
        }
    }

    private static async Task RunAsync(
        ResourceRequest request,
        ExecChannels channels,
        StreamOptions options,
        RunningContainer inside,
        CancellationToken cancel
    )
    {
        // An empty message tells the client that the connection stands.
        await channels.SendAsync(options.First, default, cancel);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var reading = ReadAsync(channels, gone);
        var io = options.Connect(channels);
        var status =
            request.Info.Subresource == "attach"
                ? await AttachAsync(inside, io, gone.Token)
                : await ExecuteAsync(inside, [.. request.Query["command"].OfType<string>()], io, gone.Token);
        await channels.EndAsync(status, cancel);
        await Task.WhenAny(reading, Task.Delay(FarewellPatience, TimeProvider.System, cancel));
        await gone.CancelAsync();
        await reading;
    }

    private static async Task RefuseAsync(
        ExecChannels channels,
        StreamOptions options,
        string container,
        CancellationToken cancel
    )
    {
        await channels.SendAsync(options.First, default, cancel);
        await channels.EndAsync(
            ExecStatus.Failed($"unable to upgrade connection: container not found (\"{container}\")"),
            cancel
        );
    }

    /// <summary>Reads what the client sends; when it goes, what runs for it ends.</summary>
    private static async Task ReadAsync(ExecChannels channels, CancellationTokenSource gone)
    {
        await channels.ReadAsync(gone.Token);
        await gone.CancelAsync();
    }

    private static async Task<JsonObject> ExecuteAsync(
        RunningContainer inside,
        string[] command,
        Standard io,
        CancellationToken cancel
    )
    {
        if (inside.Run(command, io, cancel) is { } run)
        {
            return ExecStatus.Of(await run);
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        return ExecStatus.Failed(
            $"Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"{id}\": "
                + $"OCI runtime exec failed: exec failed: unable to start container process: exec: \"{command[0]}\": executable file not found in $PATH: unknown"
        );
    }

    /// <summary>Shows what the container writes from now on, until it ends.</summary>
    private static async Task<JsonObject> AttachAsync(RunningContainer inside, Standard io, CancellationToken cancel)
    {
        var (_, position, news) = inside.Log.ReadFrom(0);
        var typing = inside.TakesInput ? TypeAsync(io.In, inside, cancel) : Task.CompletedTask;
        while (true)
        {
            await news.WaitAsync(cancel);
            var complete = inside.Log.IsComplete;
            (var lines, position, news) = inside.Log.ReadFrom(position);
            foreach (var line in lines)
            {
                await io.PrintAsync(line.Text + "\n", cancel);
            }

            if (complete)
            {
                return ExecStatus.Of(0);
            }
        }
    }

    private static async Task TypeAsync(Stream from, RunningContainer inside, CancellationToken cancel)
    {
        await from.CopyToAsync(inside.Input, cancel);
        await inside.Input.DisposeAsync();
    }
}

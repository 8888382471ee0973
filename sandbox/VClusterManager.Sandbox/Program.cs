using System.Net.Sockets;
using System.Runtime.InteropServices;
using VClusterManager.Sandbox.Running;

var (options, error) = SandboxOptions.Parse(args);
if (options is null || options.Help)
{
    (error is null ? Console.Out : Console.Error).WriteLine(error ?? SandboxOptions.Usage);
    return error is null ? 0 : 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    return await new SandboxRun(options, Console.Out).RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 0;
}
catch (Exception exception) when (exception is SandboxException or SocketException or IOException)
{
    Console.Error.WriteLine($"sandbox: {exception.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using System.Globalization;

namespace VClusterManager.Bench.World;

/// <summary>YARP with nothing on it, as a process of its own.</summary>
internal sealed class BareProxy(
    string executable,
    string folder,
    int port,
    Uri destination,
    string certificates,
    TlsDoor tls
) : WebProcess(port, "/version")
{
    public TlsDoor Tls => tls;

    protected override ProgramProcess Launch() =>
        ProgramProcess.Start(
            executable,
            [
                Port.ToString(CultureInfo.InvariantCulture),
                "proxy",
                destination.GetLeftPart(UriPartial.Authority),
                certificates,
                tls.Port.ToString(CultureInfo.InvariantCulture),
                tls.Files,
            ],
            folder
        );
}

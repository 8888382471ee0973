using System.Buffers;

namespace VClusterManager.Server.Webhooks.Deliveries;

/// <summary>
/// Room for the deliveries that are being read and stored, of which nobody knows yet who sends them: for many small ones, and
/// for a few large ones. When it is full, who comes waits for a moment, unread. A place is as large as what has come of a body,
/// and not as what was announced; so whoever sends large ones slowly keeps others with large ones waiting, and the small ones,
/// which nearly all are, come through.
/// </summary>
/// <param name="small">Places of <see cref="Small"/> bytes; a large one takes one of them, too.</param>
/// <param name="large">Places for more than that.</param>
internal sealed class InboxRoom(int small = 1024, int large = 32) : IDisposable
{
    /// <summary>In bytes: twice what most deliveries of pull requests have.</summary>
    public const int Small = 64 * 1024;

    private const int Piece = 16 * 1024;

    /// <summary>Providers give up after 10 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _small = new(small, small);
    private readonly SemaphoreSlim _large = new(large, large);

    /// <returns>To be given back when the delivery is stored; <see langword="null"/>: there is none.</returns>
    public async Task<Place?> EnterAsync(CancellationToken cancellation) =>
        await _small.WaitAsync(Patience, cancellation) ? new Place(this) : null;

    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }

    internal sealed class Place(InboxRoom room) : IDisposable
    {
        private bool _isLarge;

        /// <summary>Byte by byte, since that is what was signed. A larger one than is taken ends with 413 by itself.</summary>
        /// <returns><see langword="null"/>: it is a large one, and there is no place for it.</returns>
        public async Task<byte[]?> ReadAsync(Stream body, CancellationToken cancellation)
        {
            using MemoryStream read = new();
            var piece = ArrayPool<byte>.Shared.Rent(Piece);
            try
            {
                for (int count; (count = await body.ReadAsync(piece, cancellation)) > 0; )
                {
                    _isLarge =
                        _isLarge
                        || (read.Length + count > Small && await room._large.WaitAsync(Patience, cancellation));
                    if (read.Length + count > Small && !_isLarge)
                    {
                        return null;
                    }

                    read.Write(piece, 0, count);
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(piece);
            }

            return read.ToArray();
        }

        public void Dispose()
        {
            room._small.Release();
            if (_isLarge)
            {
                room._large.Release();
            }
        }
    }
}
